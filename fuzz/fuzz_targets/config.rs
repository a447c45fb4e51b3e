//! Both documents of the configuration: read, or refused with findings that point into them.
//!
//! Input: `sources.toml`, a line `%%`, `porterhouse.toml`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use porterhouse::config::{self, SETTINGS_FILE, SOURCES_FILE};
use std::fs;
use std::sync::LazyLock;
use tempfile::TempDir;

/// What parts the two documents.
const SEAM: &[u8] = b"\n%%\n";

/// What a finding may cost beside the lines that it shows.
const FINDING_BYTES: usize = 2048;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

fuzz_target!(|input: &[u8]| {
    let at = input.windows(SEAM.len()).position(|window| window == SEAM);
    let (sources, settings) = match at {
        Some(at) => (&input[..at], &input[at + SEAM.len()..]),
        None => (input, &b""[..]),
    };
    fs::write(FOLDER.path().join(SOURCES_FILE), sources).expect("written");
    fs::write(FOLDER.path().join(SETTINGS_FILE), settings).expect("written");
    let findings = match config::load(FOLDER.path()) {
        Ok(config) => config.warnings,
        Err(error) => {
            assert!(error.errors() > 0, "refused for a reason");
            // A finding shows the line that it is about: every byte of the input may be shown for each.
            let bound = error.findings.len() * (8 * input.len() + FINDING_BYTES);
            assert!(error.to_string().len() <= bound, "findings within bounds");
            error.findings
        }
    };
    assert!(findings.len() <= input.len() + 16, "{} findings", findings.len());
    for finding in findings {
        assert!(!finding.headline().is_empty());
    }
});
