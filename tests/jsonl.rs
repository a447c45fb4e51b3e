//! `analyze --jsonl` at its edges: lines too long, too many, without end, and pipes that close.

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

fn start() -> (Child, ChildStdin, BufReader<ChildStdout>) {
    let empty = std::env::temp_dir();
    let mut child = Command::new(cargo_bin("porterhouse"))
        .arg("--config")
        .arg(empty.join("porterhouse-no-such-folder"))
        .args(["analyze", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the binary starts");
    let (input, output) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    (child, input, BufReader::new(output))
}

/// The answers to `input`, which is written beside the reading.
fn answers(write: impl FnOnce(ChildStdin) + Send + 'static) -> Vec<Value> {
    let (mut child, input, output) = start();
    let writer = std::thread::spawn(move || write(input));
    let answers = output.lines().map(|line| serde_json::from_str(&line.expect("UTF-8")).expect("JSON")).collect();
    writer.join().expect("written");
    assert!(child.wait().expect("ended").success());
    answers
}

fn line(id: usize, text: &str) -> String {
    format!("{{\"id\":{id},\"text\":\"{text}\"}}\n")
}

#[test]
fn a_hundred_thousand_lines_are_answered_in_order() {
    const LINES: usize = 100_000;
    let answers = answers(|mut input| {
        let all: String = (0..LINES).map(|id| line(id, "ok")).collect();
        input.write_all(all.as_bytes()).expect("written");
    });
    assert_eq!(answers.len(), LINES);
    assert!(answers.iter().enumerate().all(|(id, answer)| answer["id"] == id));
}

#[test]
fn lines_that_are_long_broken_or_without_end_harm_no_other() {
    let answers = answers(|mut input| {
        let mut write = |bytes: &[u8]| input.write_all(bytes).expect("written");
        write(line(0, "first").as_bytes());
        write(line(1, &"a long line ".repeat(90_000)).as_bytes());
        write(b"{\"id\":2,\"text\":\"\xff\xfe\"}\n");
        write(b"\n\r\n \n");
        write(b"\0\0\0\n");
        write(line(3, "last but one").as_bytes());
        (0..64).for_each(|_| write(&[b'x'; 100_000]));
        write(b"\n");
        write(line(4, "last, without a line break").trim_end().as_bytes());
    });
    let told: Vec<_> = answers.iter().map(|answer| (answer["id"].as_u64(), answer["error"].is_string())).collect();
    let (none, fine) = ((None, true), |id| (Some(id), false));
    assert_eq!(told, [fine(0), fine(1), none, none, fine(3), none, fine(4)]);
    let long = answers[5]["error"].as_str().expect("told");
    assert!(long.contains("longer than"), "{long}");
}

#[test]
fn whoever_waits_for_an_answer_gets_it_before_the_next_line() {
    let (mut child, mut input, mut output) = start();
    for id in 0..3 {
        input.write_all(line(id, "one at a time").as_bytes()).expect("written");
        let mut answer = String::new();
        output.read_line(&mut answer).expect("answered");
        assert!(answer.contains(&format!("\"id\":{id}")), "{answer}");
    }
    drop(input);
    assert!(child.wait().expect("ended").success());
}

#[test]
fn a_closed_output_ends_it_while_the_input_stays_open() {
    let (mut child, mut input, mut output) = start();
    input.write_all(line(0, "heard").as_bytes()).expect("written");
    output.read_line(&mut String::new()).expect("answered");
    drop(output);
    input.write_all(line(1, "heard by nobody").as_bytes()).expect("written");
    let until = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        assert!(Instant::now() < until, "it waits for more input");
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(status.success());
    drop(input);
}

#[test]
fn a_closed_input_is_an_empty_one() {
    let shell = format!("'{}' analyze --jsonl <&-", cargo_bin("porterhouse").display());
    let output = Command::new("sh").args(["-c", &shell]).output().expect("a shell");
    assert!(output.status.success() && output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
