//! A bar for long work, on stderr and only where that is a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

/// A bar that shows itself at the first news.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    label: &'static str,
    shown: Option<ProgressBar>,
    is_wanted: bool,
}

impl Bar {
    /// A bar for `label`, which says what is being done. Quiet for machines.
    pub(super) fn new(label: &'static str, json: bool) -> Self {
        Self { label, shown: None, is_wanted: !json && std::io::stderr().is_terminal() }
    }

    /// `n_done` of `n_all` are done.
    pub(super) fn tell(&mut self, n_done: u64, n_all: u64) {
        if !self.is_wanted {
            return;
        }
        let (label, bar) = (self.label, &mut self.shown);
        let bar = bar.get_or_insert_with(|| drawn(label));
        bar.set_length(n_all);
        bar.set_position(n_done);
    }

    /// Says a line without the bar running through it.
    pub(super) fn say(&self, line: &str) {
        match &self.shown {
            Some(bar) => bar.suspend(|| super::talk::warn(line)),
            None => super::talk::warn(line),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

fn drawn(label: &'static str) -> ProgressBar {
    let bar = ProgressBar::no_length().with_message(label);
    // Without the style there is still the plain one.
    match ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}, {eta} left") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}
