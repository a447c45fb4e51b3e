//! The program as a user types it, in a folder of its own.

use assert_cmd::Command;
use std::path::Path;
use std::process::Output;

/// What `porterhouse` does with `arguments` in `folder`, its data below it.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("porterhouse").expect("the binary");
    command.current_dir(folder).env_remove("PORTERHOUSE_LOG").arg("--data").arg(folder.join("data"));
    command.args(arguments).output().expect("ran")
}

/// What it wrote.
pub fn words_of(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}
