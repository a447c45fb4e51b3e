//! One row as an item, or why it is none; and what is odd about a file on the whole.

use super::column::fields;
use super::date::{Clock, Told};
use super::row::Row;
use super::value::{count, is_rounded_id, rating};
use crate::model::{
    Counts, ImportFault, ImportField as F, Item, ItemKey, ItemKind, Medium, PostedAt, RefusedRow, SourceName,
};
use crate::text::hash_hex;

/// The longest id that is kept as it is; a longer one becomes its hash.
const ID_LONGEST: usize = 200;

/// Digits that a spreadsheet keeps of a number; behind them it writes zeros.
const DIGITS_KEPT: usize = 15;

/// How rows of a file become items.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) source: SourceName,
    pub(super) map: Vec<(F, usize)>,
    pub(super) clock: Clock,
}

/// How often something odd was met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Odd {
    pub(super) undated: u64,
    pub(super) unread_dates: u64,
    pub(super) ahead: u64,
    pub(super) unread_ratings: u64,
    pub(super) zeroed_ids: u64,
    pub(super) headers: u64,
    pub(super) short: u64,
    pub(super) joined: u64,
}

impl Reading {
    pub(super) fn new(
        source: SourceName,
        names: &[String],
        said: &[(F, String)],
        clock: Clock,
    ) -> Result<Self, ImportFault> {
        Ok(Self { source, map: fields(names, said)?, clock })
    }

    /// The column of a field.
    pub(super) fn column(&self, field: F) -> Option<usize> {
        self.map.iter().find(|(known, _)| *known == field).map(|(_, column)| *column)
    }

    fn cell<'r>(&self, row: &'r Row, field: F) -> &'r str {
        self.column(field).map_or("", |column| row.get(column))
    }

    fn text_of(&self, row: &Row, field: F) -> Option<String> {
        Some(self.cell(row, field)).filter(|cell| !cell.is_empty()).map(str::to_owned)
    }

    /// The item that `row` holds.
    pub(super) fn item(&self, row: &Row, odd: &mut Odd) -> Result<Item, RefusedRow> {
        let (text, title) = (self.cell(row, F::Text), self.cell(row, F::Title));
        if text.is_empty() && title.is_empty() {
            return Err(RefusedRow::NoText);
        }
        let key = ItemKey { namespace: self.source.to_string(), id: self.id(row, odd)? };
        let has_rating = self.column(F::Rating).is_some();
        let parent = self.text_of(row, F::Parent);
        let counted = |field| count(self.cell(row, field));
        let mut item = Item::new(self.source.clone(), key);
        item.kind = match (has_rating, &parent) {
            (true, _) => ItemKind::Review,
            (false, Some(_)) => ItemKind::Reply,
            (false, None) => ItemKind::Post,
        };
        item.medium = if has_rating { Medium::Review } else { Medium::Post };
        text.clone_into(&mut item.text);
        title.clone_into(&mut item.title);
        item.url = self.text_of(row, F::Url).filter(|url| is_web(url));
        item.target = self.text_of(row, F::Target).filter(|url| is_web(url));
        item.author.name = self.text_of(row, F::Author);
        item.author.handle = self.text_of(row, F::Handle);
        item.author.url = self.text_of(row, F::AuthorUrl).filter(|url| is_web(url));
        item.author.followers = counted(F::Followers);
        item.lang = self.text_of(row, F::Lang).and_then(|lang| language(&lang));
        item.published = self.time(row, F::CreatedAt, odd);
        item.updated = self.edited(row);
        item.thread = self.text_of(row, F::Thread);
        item.parent = parent;
        item.tags = tags(self.cell(row, F::Tags));
        item.rating = self.rating(row, odd);
        item.counts = Counts {
            replies: counted(F::Replies),
            reposts: counted(F::Reposts),
            likes: counted(F::Likes),
            views: counted(F::Views),
        };
        Ok(item)
    }

    /// The id that the row names, else a hash of who said what, when.
    fn id(&self, row: &Row, odd: &mut Odd) -> Result<String, RefusedRow> {
        // `="007"` is how a spreadsheet is told to leave zeros alone.
        let cell = self.cell(row, F::Id);
        let id = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell).trim();
        if is_rounded_id(id) {
            return Err(RefusedRow::RoundedId(id.to_owned()));
        }
        if id.is_empty() {
            let part = |field| self.cell(row, field);
            let author = if part(F::Handle).is_empty() { part(F::Author) } else { part(F::Handle) };
            let parts = [self.source.as_str(), author, part(F::CreatedAt), part(F::Title), part(F::Text)];
            return Ok(hash_hex(&parts));
        }
        let is_number = id.len() > DIGITS_KEPT + 1 && id.bytes().all(|byte| byte.is_ascii_digit());
        let behind = id.get(DIGITS_KEPT..).unwrap_or_default();
        odd.zeroed_ids += u64::from(is_number && behind.bytes().all(|byte| byte == b'0'));
        Ok(if id.len() > ID_LONGEST { hash_hex(&[id]) } else { id.to_owned() })
    }

    fn time(&self, row: &Row, field: F, odd: &mut Odd) -> Option<PostedAt> {
        let cell = self.cell(row, field);
        if cell.is_empty() {
            odd.undated += u64::from(self.column(field).is_some());
            return None;
        }
        match self.clock.read(cell) {
            Told::At(posted) => return Some(posted),
            Told::Ahead => odd.ahead += 1,
            Told::Unread => odd.unread_dates += 1,
        }
        None
    }

    fn edited(&self, row: &Row) -> Option<PostedAt> {
        let cell = self.cell(row, F::EditedAt);
        match self.clock.read(cell) {
            Told::At(posted) if !cell.is_empty() => Some(posted),
            _ => None,
        }
    }

    fn rating(&self, row: &Row, odd: &mut Odd) -> Option<f32> {
        let cell = self.cell(row, F::Rating);
        let rating = rating(cell);
        odd.unread_ratings += u64::from(rating.is_none() && !cell.is_empty());
        rating
    }
}

/// A link that a person may open; `javascript:` and the like are none.
fn is_web(url: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
}

/// `de`, `de-AT`, `pt_BR`; what is no tag is not believed.
fn language(cell: &str) -> Option<String> {
    let tag = cell.replace('_', "-").to_lowercase();
    let primary = tag.split('-').next()?;
    ((2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase()) && tag.len() <= 12)
        .then_some(tag)
}

fn tags(cell: &str) -> Vec<String> {
    let tags = cell.split([',', ';', '|']).map(|tag| tag.trim().trim_start_matches('#'));
    tags.filter(|tag| !tag.is_empty()).take(50).map(str::to_owned).collect()
}
