//! `demo`: the main job, on a small internet of its own.

use super::talk::{print, say};
use super::{DONE, runtime};
use crate::app::demo::Demo;
use crate::model::SourceState;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(super) fn demo(keep: bool, out: Option<&Path>) -> anyhow::Result<u8> {
    let folder = out.map_or_else(default_folder, Path::to_path_buf);
    let started = Instant::now();
    say("Starting a small internet on 127.0.0.1 and reading it with the real pipeline ...");
    let on_read = |state: &SourceState| {
        let what = if state.health.is_good() { "read" } else { state.message.as_str() };
        say(&format!("  {:<20} {what}", state.source));
    };
    let runtime = runtime()?;
    let demo = runtime.block_on(Demo::start(&folder))?;
    let shown = runtime.block_on(demo.show(&on_read))?;
    let committed = shown.tally.committed;
    say(&format!(
        "{} posts read, {} kept because they name a watched brand, {} opportunities\n",
        committed.new_items, committed.new_kept, committed.new_opportunities
    ));
    print("The best opportunity:\n")?;
    print(shown.card.trim_end())?;
    print("\nThe best of the day:\n")?;
    for line in &shown.ranking {
        print(&format!("  {line}"))?;
    }
    print(&format!("\n{} alert mails arrived in the demo's own mail relay.", shown.mails.len()))?;
    if let Some(mail) = &shown.mail {
        print(&format!("  the mail      {}", mail.display()))?;
    }
    print(&format!("  the digest    {}", shown.digest.html.display()))?;
    print(&format!("  as a mail     {}", shown.digest.eml.display()))?;
    print(&format!("  as text       {}", shown.digest.txt.display()))?;
    print(&format!("  configuration {}", shown.config.display()))?;
    say(&format!(
        "\nDone in {:.1} s. Next: `porterhouse init`, then put your brand into sources.toml.",
        started.elapsed().as_secs_f64()
    ));
    if keep {
        say("Kept running: the relay and the sites answer until Ctrl-C.");
        runtime.block_on(demo.keep())?;
    }
    runtime.block_on(demo.end());
    Ok(DONE)
}

/// A folder of its own below the temporary one, so that two demos do not meet.
fn default_folder() -> PathBuf {
    std::env::temp_dir().join(format!("porterhouse-demo-{}", std::process::id()))
}
