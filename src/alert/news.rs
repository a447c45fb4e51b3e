//! What an alert about a source says: what is wrong, what that means, what to do.

use crate::model::{AlertBody, SourceName};
use crate::wording::{Block, Letter, Reader, Run, block, fill, one_line};
use jiff::Timestamp;

/// The longest name of a source.
const SOURCE_LIMIT: usize = 60;
/// The longest message of a source.
const MESSAGE_LIMIT: usize = 600;

/// A source turned bad: `message` says what is wrong and what to do.
#[must_use]
pub fn source_trouble(source: &SourceName, message: &str, at: Timestamp, reader: &Reader, now: Timestamp) -> AlertBody {
    let words = reader.language.words();
    let message = block(message, MESSAGE_LIMIT);
    let blocks = vec![Block::para(message.clone()), Block::small(words.source_silence)];
    body("source.trouble", words.source_trouble, source, &message, (blocks, at), reader, now)
}

/// A source that was bad is read again.
#[must_use]
pub fn source_recovered(source: &SourceName, at: Timestamp, reader: &Reader, now: Timestamp) -> AlertBody {
    let words = reader.language.words();
    let blocks = vec![Block::para(words.source_back)];
    body("source.recovered", words.source_recovered, source, words.source_back, (blocks, at), reader, now)
}

fn body(
    event: &str,
    headline: &str,
    source: &SourceName,
    message: &str,
    (mut blocks, at): (Vec<Block>, Timestamp),
    reader: &Reader,
    now: Timestamp,
) -> AlertBody {
    let words = reader.language.words();
    let subject = fill(headline, &[("source", &one_line(source.as_str(), SOURCE_LIMIT))]);
    blocks.push(Block::small(fill(words.source_since, &[("time", &reader.moment(at, now))])));
    let letter = Letter {
        language: reader.language,
        preview: one_line(message, MESSAGE_LIMIT),
        kicker: words.source.to_owned(),
        headline: vec![Run::plain(format!("{subject}."))],
        blocks,
        footer: vec![words.why_source_mail.to_owned()],
        subject,
    };
    AlertBody {
        text: letter.text(),
        html: letter.html(),
        json: serde_json::json!({
            "type": event,
            "timestamp": at.to_string(),
            "data": { "source": source.as_str(), "message": message },
        }),
        subject: letter.subject,
    }
}
