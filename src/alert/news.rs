//! What an alert about a source says: what is wrong, what that means, what to do.

use crate::model::{AlertBody, Cause, Part, SourceName};
use crate::wording::{Block, Letter, Reader, Run, block, cause_words, fill, one_line, part_name, part_words};
use jiff::Timestamp;

/// The longest name of a source.
const SOURCE_LIMIT: usize = 60;
/// The longest message of a source.
const MESSAGE_LIMIT: usize = 600;

/// The longest address.
const LINK_LIMIT: usize = 300;

/// A source turned bad: why and what to do in the reader's language, `message` with the particulars.
#[must_use]
pub fn source_trouble(
    source: &SourceName,
    cause: Option<Cause>,
    message: &str,
    at: Timestamp,
    reader: &Reader,
    now: Timestamp,
) -> AlertBody {
    let words = reader.language.words();
    let message = block(message, MESSAGE_LIMIT);
    let mut blocks = Vec::new();
    let mut preview = message.clone();
    match cause.map(|cause| cause_words(cause, reader.language)) {
        Some((what, advice)) => {
            what.clone_into(&mut preview);
            blocks.extend([Block::para(what), Block::para(advice)]);
            if !message.is_empty() {
                blocks.push(Block::small(fill(words.in_detail, &[("message", &message)])));
            }
        }
        None => blocks.push(Block::para(message.clone())),
    }
    blocks.push(Block::small(words.source_silence));
    let data = serde_json::json!({ "source": source.as_str(), "cause": cause, "message": message });
    let news =
        News { event: "source.trouble", subject: named(words.source_trouble, source), preview, blocks, data, at };
    body(news, reader, now)
}

/// A source that was bad is read again.
#[must_use]
pub fn source_recovered(source: &SourceName, at: Timestamp, reader: &Reader, now: Timestamp) -> AlertBody {
    let words = reader.language.words();
    let data = serde_json::json!({ "source": source.as_str(), "message": words.source_back });
    let (subject, preview) = (named(words.source_recovered, source), words.source_back.to_owned());
    let blocks = vec![Block::para(words.source_back)];
    body(News { event: "source.recovered", subject, preview, blocks, data, at }, reader, now)
}

/// A source is read at `to` from now on.
#[must_use]
pub fn source_moved(source: &SourceName, to: &str, at: Timestamp, reader: &Reader, now: Timestamp) -> AlertBody {
    let words = reader.language.words();
    let where_to = fill(words.moved_to, &[("url", &one_line(to, LINK_LIMIT))]);
    let data = serde_json::json!({ "source": source.as_str(), "moved_to": to, "message": where_to });
    let blocks = vec![Block::para(where_to.clone()), Block::para(words.moved_advice)];
    let subject = named(words.source_moved, source);
    body(News { event: "source.moved", subject, preview: where_to, blocks, data, at }, reader, now)
}

/// Something of our own does not work; `message` has the particulars.
#[must_use]
pub fn house_trouble(part: &Part, message: &str, at: Timestamp, reader: &Reader, now: Timestamp) -> AlertBody {
    let words = reader.language.words();
    let (subject, advice) = part_words(part, reader.language);
    let message = block(message, MESSAGE_LIMIT);
    let detail = fill(words.in_detail, &[("message", &message)]);
    let data = serde_json::json!({ "part": part, "message": message });
    let blocks = vec![Block::para(advice), Block::small(detail)];
    body(News { event: "house.trouble", subject, preview: advice.to_owned(), blocks, data, at }, reader, now)
}

/// Something of our own works again.
#[must_use]
pub fn house_recovered(part: &Part, at: Timestamp, reader: &Reader, now: Timestamp) -> AlertBody {
    let words = reader.language.words();
    let subject = fill(words.house_recovered, &[("part", &part_name(part, reader.language))]);
    let data = serde_json::json!({ "part": part, "message": words.house_back });
    let (preview, blocks) = (words.house_back.to_owned(), vec![Block::para(words.house_back)]);
    body(News { event: "house.recovered", subject, preview, blocks, data, at }, reader, now)
}

/// A piece of news about a source or about ourselves.
struct News {
    event: &'static str,
    subject: String,
    preview: String,
    blocks: Vec<Block>,
    data: serde_json::Value,
    at: Timestamp,
}

fn named(headline: &str, source: &SourceName) -> String {
    fill(headline, &[("source", &one_line(source.as_str(), SOURCE_LIMIT))])
}

fn body(news: News, reader: &Reader, now: Timestamp) -> AlertBody {
    let words = reader.language.words();
    let News { event, subject, preview, mut blocks, data, at } = news;
    let is_house = event.starts_with("house");
    blocks.push(Block::small(fill(words.source_since, &[("time", &reader.moment(at, now))])));
    let letter = Letter {
        language: reader.language,
        preview: one_line(&preview, MESSAGE_LIMIT),
        kicker: (if is_house { words.house } else { words.source }).to_owned(),
        headline: vec![Run::plain(format!("{subject}."))],
        blocks,
        footer: vec![(if is_house { words.house_why } else { words.why_source_mail }).to_owned()],
        subject,
    };
    AlertBody {
        text: letter.text(),
        html: letter.html(),
        json: serde_json::json!({ "type": event, "timestamp": at.to_string(), "data": data }),
        subject: letter.subject,
    }
}
