//! Posts as JSON lines: one line of answer for each that is not blank, in order, whatever it was.

#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use porterhouse::config::brand_from_json;
use porterhouse::desk::{Lens, look_at_lines};
use porterhouse::model::Brand;
use porterhouse::opportunity;
use serde_json::{Value, json};
use std::io::Cursor;
use std::sync::LazyLock;

/// What the answer to one line may cost beside what it repeats of the line.
const ANSWER_BYTES: usize = 32 * 1024;

/// A lens for each reading, which keeps it.
fn lens() -> Lens {
    static BRAND: LazyLock<Brand> = LazyLock::new(|| {
        let brand = json!({ "id": "k", "name": "Kranichbahn", "aliases": ["KB"], "handles": ["@kranichbahn"] });
        brand_from_json(&brand).expect("a sound brand")
    });
    Lens::new(vec![BRAND.clone()], opportunity::Settings::default(), Timestamp::constant(1_777_900_000, 0))
}

fuzz_target!(|input: &[u8]| {
    let read = || {
        let mut output = Vec::new();
        look_at_lines(lens(), Cursor::new(input.to_vec()), &mut output).expect("memory does not fail");
        String::from_utf8(output).expect("UTF-8")
    };
    let output = read();
    let is_blank = |line: &[u8]| line.iter().all(u8::is_ascii_whitespace);
    let asked: Vec<&[u8]> = input.split(|byte| *byte == b'\n').filter(|line| !is_blank(line)).collect();
    let answers: Vec<&str> = output.lines().collect();
    assert_eq!(asked.len(), answers.len(), "an answer for each line");
    for (line, answer) in asked.iter().zip(answers) {
        let answered: Value = serde_json::from_str(answer).expect("JSON");
        let given = serde_json::from_slice::<Value>(line).ok();
        if let Some(id) = given.as_ref().filter(|_| answered.get("error").is_none()).and_then(|line| line.get("id")) {
            assert_eq!(answered.get("id"), Some(id), "under its own id");
        }
        assert!(answer.len() <= 16 * line.len() + ANSWER_BYTES, "{} bytes from {}", answer.len(), line.len());
    }
    assert_eq!(output, read(), "the same lines, the same answers");
});
