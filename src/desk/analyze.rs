//! What the program makes of one text, or of a stream of posts as JSON lines.
//!
//! The stream is read in blocks, analyzed on all cores and written in order; memory stays constant.

use super::surrogates;
use crate::analyze::BrandIndex;
use crate::model::{Author, Brand, Feeling, Item, ItemKey, Medium, PostedAt, SourceName};
use crate::pipeline::{Judged, Studied, study_fully};
use crate::{config, opportunity};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::{Arc, mpsc};

/// The longest line that is read; what is longer is answered with an error.
pub const LINE_LIMIT_BYTES: usize = 4 * 1024 * 1024;

/// Lines that one core takes at a time.
const BLOCK_LINES: usize = 64;

/// Bytes after which a block is full, however few lines it has.
const BLOCK_BYTES: usize = 1024 * 1024;

/// What is read at once: several blocks of usual posts.
const BUFFER_BYTES: usize = 256 * 1024;

/// Blocks that may wait for each core.
const BLOCKS_WAITING: usize = 2;

/// What is needed to look at a post.
#[derive(Debug)]
pub struct Lens {
    /// The watched brands.
    pub index: BrandIndex,
    /// What the team decides for itself.
    pub settings: opportunity::Settings,
    /// Stands in for posts that do not say when they were published.
    pub now: Timestamp,
}

impl Lens {
    /// A lens for `brands`.
    #[must_use]
    pub fn new(brands: Vec<Brand>, settings: opportunity::Settings, now: Timestamp) -> Self {
        Self { index: BrandIndex::new(brands), settings, now }
    }
}

/// One post as a JSON line.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    #[serde(default)]
    id: Value,
    text: String,
    title: Option<String>,
    lang: Option<String>,
    url: Option<String>,
    source: Option<String>,
    posted_at: Option<PostedAt>,
    #[serde(default)]
    author: Option<Author>,
    in_reply_to: Option<Handle>,
    on_page: Option<String>,
    pub(super) brand: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Handle {
    handle: Option<String>,
}

/// A post and what we make of it.
#[derive(Debug)]
pub struct Looked {
    /// The post as an item.
    pub item: Item,
    /// What we make of it.
    pub studied: Studied,
}

/// What the program makes of `text`, said in a post on `medium`.
#[must_use]
pub fn look_at_text(lens: &Lens, text: &str, lang: Option<String>, medium: Medium) -> Looked {
    let mut item = blank_item();
    item.text = text.to_owned();
    item.lang = lang;
    item.medium = medium;
    let studied = study_fully(&lens.index, &lens.settings, &mut item, lens.now);
    Looked { item, studied }
}

/// Reads posts as JSON lines from `input` and writes one JSON line for each to `output`, in order.
///
/// A line that is no post is answered with `{"id"?,"error"}`, and the next one is read. Whoever sends a line and waits
/// gets its answer before the next line is there. Where `output` fails, this returns at once; a thread that waits for
/// `input` is left to itself.
///
/// # Errors
/// Where `input` cannot be read or `output` cannot be written.
pub fn look_at_lines(lens: Lens, input: impl Read + Send + 'static, output: &mut impl Write) -> io::Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let lens = Arc::new(lens);
    let mut to_cores = Vec::new();
    let mut from_cores = Vec::new();
    for _ in 0..cores {
        let (block_in, blocks) = mpsc::sync_channel::<Block>(BLOCKS_WAITING);
        let (answer_in, answers) = mpsc::sync_channel::<String>(BLOCKS_WAITING);
        to_cores.push(block_in);
        from_cores.push(answers);
        let lens = Arc::clone(&lens);
        std::thread::spawn(move || {
            for block in blocks {
                let text: String = block.iter().map(|line| format!("{}\n", guarded_answer(&lens, line))).collect();
                if answer_in.send(text).is_err() {
                    return;
                }
            }
        });
    }
    let reader = std::thread::spawn(move || hand_out(&mut BufReader::with_capacity(BUFFER_BYTES, input), &to_cores));
    // Blocks go out in turn, so answers come back in turn.
    for answers in from_cores.iter().cycle() {
        let text = match answers.try_recv() {
            Ok(text) => text,
            Err(_) => {
                output.flush()?;
                let Ok(text) = answers.recv() else { break };
                text
            }
        };
        output.write_all(text.as_bytes())?;
    }
    reader.join().unwrap_or_else(|_| Err(io::Error::other("the reading thread ended early")))
}

type Block = Vec<Result<String, String>>;

/// Reads blocks of lines and hands them to the cores in turn. A block is full early where no more is there to read.
fn hand_out(input: &mut BufReader<impl Read>, cores: &[mpsc::SyncSender<Block>]) -> io::Result<()> {
    for core in cores.iter().cycle() {
        let mut block = Block::new();
        let mut bytes = 0;
        while block.len() < BLOCK_LINES && bytes < BLOCK_BYTES {
            match next_line(input)? {
                Some(line) => {
                    bytes += line.as_ref().map_or(0, String::len);
                    block.push(line);
                }
                None => break,
            }
            if !input.buffer().contains(&b'\n') {
                break;
            }
        }
        if block.is_empty() || core.send(block).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// The next line that is not empty; an error text for one that cannot be a post.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Result<String, String>>> {
    loop {
        let mut bytes = Vec::new();
        let limit = LINE_LIMIT_BYTES as u64 + 1;
        if input.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        if bytes.len() > LINE_LIMIT_BYTES && bytes.last() != Some(&b'\n') {
            skip_rest_of_line(input)?;
            return Ok(Some(Err(format!("the line is longer than {LINE_LIMIT_BYTES} bytes; cut the text"))));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        return Ok(Some(String::from_utf8(bytes).map_err(|_| "the line is not UTF-8; convert it first".to_owned())));
    }
}

fn skip_rest_of_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let found = buffer.iter().position(|byte| *byte == b'\n');
        let (taken, ends) = match found {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(taken);
        if ends {
            return Ok(());
        }
    }
}

/// The answer to a line; an error text where the analysis breaks, so that one post does not end the stream.
fn guarded_answer(lens: &Lens, line: &Result<String, String>) -> Value {
    let answered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| answer(lens, line)));
    answered.unwrap_or_else(|_| json!({ "error": "this post broke the analysis; please report it" }))
}

fn answer(lens: &Lens, line: &Result<String, String>) -> Value {
    let text = match line {
        Ok(text) => text,
        Err(error) => return json!({ "error": error }),
    };
    let read = serde_json::from_str::<Line>(text);
    let read = read.or_else(|error| surrogates::mended(text).map_or(Err(error), |text| serde_json::from_str(&text)));
    match read {
        Ok(line) => answer_line(lens, line),
        Err(error) => {
            let id = serde_json::from_str::<Value>(text).ok().and_then(|value| value.get("id").cloned());
            let message = format!("not a post: {error}; expected {{\"id\", \"text\"}} and optional fields");
            id.map_or_else(|| json!({ "error": message }), |id| json!({ "id": id, "error": message }))
        }
    }
}

fn answer_line(lens: &Lens, line: Line) -> Value {
    let id = line.id.clone();
    let own_brand = line.brand.as_ref().map(config::brand_from_json).transpose();
    let own_index = match own_brand {
        Ok(brand) => brand.map(|brand| BrandIndex::new(vec![brand])),
        Err(error) => return json!({ "id": id, "error": error.to_string() }),
    };
    let mut item = line.into_item();
    let index = own_index.as_ref().unwrap_or(&lens.index);
    let studied = study_fully(index, &lens.settings, &mut item, lens.now);
    let mut answer = as_json(&studied);
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("id".to_owned(), id);
    }
    answer
}

/// What was studied, in the form of `analyze --jsonl` (without the `id`).
#[must_use]
pub fn as_json(studied: &Studied) -> Value {
    let analysis = &studied.analysis;
    let mentions: Vec<Value> = analysis
        .mentions
        .iter()
        .zip(&studied.judged)
        .map(|(mention, Judged { judgement, nearest, .. })| {
            let deadline = judgement.slots.deadline.as_ref().map(|deadline| deadline.at);
            json!({
                "brand": mention.brand,
                "relevance": rounded(mention.relevance),
                "sentiment": feeling_as_json(&mention.sentiment),
                "emotion": mention.emotion,
                "aspects": mention.aspects,
                "touchpoint": mention.touchpoint,
                "direct": mention.direct,
                "phase": judgement.phase,
                "kinds": judgement.kinds,
                "care": judgement.care,
                "surprise": judgement.surprise,
                "score": rounded(judgement.score),
                "wish": judgement.slots.wish,
                "deadline": deadline,
                "place": judgement.slots.place,
                "place_candidates": judgement.slots.place_candidates,
                "nearest": nearest.as_ref().map(|outlet| &outlet.name),
                "reasons": judgement.reasons,
            })
        })
        .collect();
    json!({
        "lang": analysis.lang,
        "spam": analysis.spam.is_spam,
        "spam_score": rounded(analysis.spam.score),
        "sentiment": feeling_as_json(&analysis.sentiment),
        "mentions": mentions,
    })
}

fn feeling_as_json(feeling: &Feeling) -> Value {
    json!({ "label": feeling.label, "score": rounded(feeling.score), "confidence": rounded(feeling.confidence) })
}

/// Four decimals are more than we know.
fn rounded(number: f32) -> f64 {
    (f64::from(number) * 10_000.0).round() / 10_000.0
}

impl Line {
    pub(super) fn into_item(self) -> Item {
        let mut item = blank_item();
        item.title = self.title.unwrap_or_default();
        item.text = self.text;
        item.lang = self.lang;
        item.url = self.url;
        // An unknown medium is read as a post: the list grows with the sources.
        item.medium = self.source.as_deref().and_then(|name| name.parse().ok()).unwrap_or_default();
        item.published = self.posted_at;
        item.author = self.author.unwrap_or_default();
        item.in_reply_to = self.in_reply_to.and_then(|to| to.handle);
        item.on_page = self.on_page;
        item
    }
}

fn blank_item() -> Item {
    Item::new(SourceName::new("analyze"), ItemKey { namespace: "analyze".to_owned(), id: String::new() })
}
