//! The real binary as a process: started, signalled, its log read line by line.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Far above what anything here takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `porterhouse`; killed with the value.
pub struct Service {
    child: Child,
    log: Receiver<(Instant, String)>,
    /// Every line of the log so far, with the time at which it came.
    pub said: Vec<(Instant, String)>,
}

impl Service {
    /// Starts `porterhouse` on these folders.
    pub fn start(config: &Path, data: &Path, arguments: &[&str]) -> Self {
        Self::start_in(&[], config, data, arguments)
    }

    /// [`Service::start`] with these variables in its environment.
    pub fn start_in(environment: &[(&str, &str)], config: &Path, data: &Path, arguments: &[&str]) -> Self {
        // `scripts/hostile` measures the release build.
        let binary = std::env::var_os("PORTERHOUSE_BINARY").map(PathBuf::from);
        let mut child = Command::new(binary.unwrap_or_else(|| assert_cmd::cargo::cargo_bin("porterhouse")))
            .arg("--config")
            .arg(config)
            .arg("--data")
            .arg(data)
            .args(arguments)
            .env_remove("PORTERHOUSE_LOG")
            .env_remove("NOTIFY_SOCKET")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        let (line_in, log) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if line_in.send((Instant::now(), line)).is_err() {
                    return;
                }
            }
        });
        Self { child, log, said: Vec::new() }
    }

    /// Waits for a line that holds `words`, and answers all that was said since the last wait.
    pub fn wait_for(&mut self, words: &str) -> Vec<String> {
        let until = Instant::now() + PATIENCE;
        let mut lines = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok((at, line)) = self.log.recv_timeout(left) else {
                panic!("`{words}` was not said; but:\n{}", lines.join("\n"));
            };
            self.said.push((at, line.clone()));
            let is_it = line.contains(words);
            lines.push(line);
            if is_it {
                return lines;
            }
        }
    }

    /// Sends it a signal, by the name that `kill` knows.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end; `look` is called meanwhile, some fifty times a second.
    pub fn ended(&mut self, mut look: impl FnMut(u32)) -> ExitStatus {
        let until = Instant::now() + 10 * PATIENCE;
        loop {
            look(self.id());
            // What was said last is still to be read after the end.
            while let Ok(line) = self.log.recv_timeout(Duration::from_millis(20)) {
                self.said.push(line);
            }
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                self.said.extend(self.log.iter());
                return status;
            }
            assert!(Instant::now() < until, "it did not end");
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
