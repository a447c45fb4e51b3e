//! `read`: what a reader makes of a saved answer.

use super::DONE;
use super::talk::print_json;
use crate::app;
use crate::desk;
use anyhow::Context;
use std::path::Path;

pub(super) fn read(
    engine: &str,
    file: &Path,
    url: &str,
    content_type: Option<&str>,
    headers: &[String],
) -> anyhow::Result<u8> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut pairs = headers.iter().map(|header| pair(header)).collect::<anyhow::Result<Vec<_>>>()?;
    pairs.extend(content_type.map(|value| ("content-type".to_owned(), value.to_owned())));
    let lines = desk::read_file(engine, &bytes, url, &pairs, app::now()).with_context(|| file.display().to_string())?;
    for line in &lines {
        print_json(line)?;
    }
    Ok(DONE)
}

fn pair(header: &str) -> anyhow::Result<(String, String)> {
    let (name, value) =
        header.split_once(':').with_context(|| format!("`{header}` is no header; write it as 'Name: value'"))?;
    Ok((name.trim().to_lowercase(), value.trim().to_owned()))
}
