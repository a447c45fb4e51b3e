//! Tables and lists that people hand in: what their columns mean, where they lie, why a row is not taken.

use std::path::PathBuf;

/// What a column of an imported file means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ImportField {
    /// The source's own id of the row.
    Id,
    /// What was said.
    Text,
    /// A title above it.
    Title,
    /// When it was said.
    CreatedAt,
    /// When it was last changed.
    EditedAt,
    /// The name of who said it.
    Author,
    /// Their handle.
    Handle,
    /// Their profile.
    AuthorUrl,
    /// Their followers.
    Followers,
    /// A link to it.
    Url,
    /// A rating.
    Rating,
    /// Its language.
    Lang,
    /// The id of what it answers.
    Parent,
    /// The id of its thread.
    Thread,
    /// The page or product that it is about.
    Target,
    /// Tags, separated by commas.
    Tags,
    /// How often it was liked.
    Likes,
    /// How often it was answered.
    Replies,
    /// How often it was passed on.
    Reposts,
    /// How often it was seen.
    Views,
}

impl ImportField {
    /// Every field, with the word that names it in `--map` and `[source.map]`.
    pub const ALL: [(&'static str, Self); 20] = [
        ("id", Self::Id),
        ("text", Self::Text),
        ("title", Self::Title),
        ("created_at", Self::CreatedAt),
        ("edited_at", Self::EditedAt),
        ("author", Self::Author),
        ("handle", Self::Handle),
        ("author_url", Self::AuthorUrl),
        ("followers", Self::Followers),
        ("url", Self::Url),
        ("rating", Self::Rating),
        ("lang", Self::Lang),
        ("parent", Self::Parent),
        ("thread", Self::Thread),
        ("target", Self::Target),
        ("tags", Self::Tags),
        ("likes", Self::Likes),
        ("replies", Self::Replies),
        ("reposts", Self::Reposts),
        ("views", Self::Views),
    ];

    /// The word that names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// The field that `name` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }
}

/// How a file is read. What is not said is found out from the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// The column of a field: its name, a dotted path into JSON, or its number from 1.
    pub map: Vec<(ImportField, String)>,
    /// The label of its encoding, such as `windows-1252`.
    pub encoding: Option<String>,
    /// Its first row names the columns.
    pub has_header: bool,
    /// The IANA zone of times that name none.
    pub zone: Option<String>,
}

impl Default for ImportPlan {
    fn default() -> Self {
        Self { map: Vec::new(), encoding: None, has_header: true, zone: None }
    }
}

/// A folder that is watched for files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFolder {
    /// The folder.
    pub folder: PathBuf,
    /// Which files: `*` and `?` stand for letters; `None` means every table and JSON file.
    pub pattern: Option<String>,
    /// Files stay where they are once they were read.
    pub keep: bool,
    /// How they are read.
    pub plan: ImportPlan,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The row as a spreadsheet counts: the header is 1. In JSON the record, from 1.
    pub row: u64,
    /// Why.
    pub why: RefusedRow,
}

/// Why a row is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusedRow {
    /// There is nothing to read in it.
    #[error("it has neither text nor title")]
    NoText,
    /// A spreadsheet rounded its id.
    #[error("id `{0}` was rounded by a spreadsheet; format the column as text before saving, or map another id")]
    RoundedId(String),
    /// It has more cells than there are columns.
    #[error("it has {found} cells, the header has {expected}; a text with the separator needs quotation marks")]
    TooManyCells {
        /// Its cells.
        found: usize,
        /// The columns.
        expected: usize,
    },
    /// It has more columns than we read.
    #[error("it has {found} columns, at most {limit} are read; remove some")]
    TooManyColumns {
        /// Its columns.
        found: usize,
        /// The bound.
        limit: usize,
    },
    /// It is larger than we read.
    #[error("it is larger than {} KB; a quotation mark may not be closed", .limit_bytes / 1024)]
    TooLong {
        /// The bound.
        limit_bytes: usize,
    },
    /// A quotation mark is not closed until the end of the file.
    #[error("a quotation mark is opened and never closed; close it or double it")]
    OpenQuote,
    /// It is no JSON object.
    #[error("it is no JSON object ({0})")]
    BrokenJson(String),
}

impl RefusedRow {
    /// The word that names the reason in JSON and sums.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NoText => "no_text",
            Self::RoundedId(_) => "rounded_id",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooLong { .. } => "too_long",
            Self::OpenQuote => "open_quote",
            Self::BrokenJson(_) => "broken_json",
        }
    }
}

/// Why nothing of a file is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportFault {
    /// It holds nothing.
    #[error("the file is empty")]
    Empty,
    /// It is of another kind.
    #[error("the file is {found}; save it as CSV (UTF-8) and import that")]
    NotText {
        /// What it is.
        found: &'static str,
    },
    /// Nobody knows that encoding.
    #[error("encoding `{0}` is not known; write for instance utf-8, utf-16 or windows-1252")]
    Encoding(String),
    /// Nobody knows that zone.
    #[error("`{0}` is no time zone; write one such as Europe/Berlin")]
    Zone(String),
    /// The mapping names a column that is not there.
    #[error("`{field}={column}`: there is no column `{column}`; there are: {columns}")]
    NoColumn {
        /// The field.
        field: &'static str,
        /// The column that is asked for.
        column: String,
        /// Those that there are.
        columns: String,
    },
    /// No column was recognized as the text.
    #[error("no column looks like the text; say which with `text=COLUMN`, there are: {columns}")]
    NoTextColumn {
        /// Those that there are.
        columns: String,
    },
    /// It is JSON that cannot be read.
    #[error("the file is broken JSON: {0}")]
    BrokenJson(String),
    /// The file system refused.
    #[error("the file cannot be read: {0}")]
    Io(String),
    /// Every row was refused.
    #[error("none of its {0} rows could be taken")]
    AllRefused(u64),
}

impl From<std::io::Error> for ImportFault {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.to_string())
    }
}

/// Something odd about a file, with how often it was met.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportOddity {
    /// Rows whose column of times is empty.
    #[error("{0} rows say no time; they count from when they were read")]
    Undated(u64),
    /// Times that could not be read.
    #[error("{0} times could not be read; these rows count from when they were read")]
    UnreadDates(u64),
    /// Times that lie ahead.
    #[error("{0} times lie ahead; these rows count from when they were read")]
    Ahead(u64),
    /// Ratings that could not be read.
    #[error("{0} ratings could not be read")]
    UnreadRatings(u64),
    /// Long ids that end with zeros: a spreadsheet may have rounded them.
    #[error("{0} long ids end with zeros: a spreadsheet may have rounded them; format the column as text")]
    ZeroedIds(u64),
    /// The header again, between the rows.
    #[error("{0} rows repeat the header; they were passed over")]
    Headers(u64),
    /// Rows with fewer cells than there are columns.
    #[error("{0} rows have fewer cells than there are columns")]
    Short(u64),
    /// Rows whose text holds the separator without quotation marks.
    #[error("{0} rows have a text with the separator and no quotation marks; its parts were joined")]
    Joined(u64),
    /// Empty rows.
    #[error("{0} rows are empty")]
    Empty(u64),
    /// NUL characters, which were dropped.
    #[error("{0} NUL characters were dropped")]
    Nul(u64),
    /// Bytes that are none of the encoding.
    #[error("some bytes are none of its encoding; they became \u{fffd}, or name another with --encoding")]
    Holes,
    /// No date says whether day or month stands first; whether the month was taken.
    #[error("no date says which of day and month stands first; the {} was taken", if *.month_first { "month" } else { "day" })]
    OpenOrder {
        /// The month was taken to stand first.
        month_first: bool,
    },
    /// Some dates have the day first, some the month.
    #[error("some dates have the day first and some the month; those that could be either were read as most are")]
    MixedOrder,
    /// No name of a column told the text: this one has the longest.
    #[error("no name of a column tells which is the text; `{0}` has the longest, say otherwise with `text=COLUMN`")]
    TextByLength(String),
}

/// What a file is, before its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFacts {
    /// The name of its encoding.
    pub encoding: String,
    /// How its rows lie: "CSV with `;`", "JSON lines".
    pub shape: String,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// Which of them mean what.
    pub map: Vec<(ImportField, String)>,
    /// Days stand before months, or months before days; `None` where no date leaves that open.
    pub month_first: Option<bool>,
}
