//! One post, comment, article or review as a source gave it.

use super::{ItemKey, SourceName};
use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One post, comment, reply, article, review, video or message.
///
/// Absent is not zero: what the source did not say is `None` or empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Unique within the store.
    pub key: ItemKey,
    /// The source that gave it.
    pub source: SourceName,
    /// What it is in the thread: a post, a comment, a review.
    pub kind: ItemKind,
    /// Where it was said: a tweet, a blog, a forum.
    pub medium: Medium,
    /// A link that a person can open.
    pub url: Option<String>,
    /// The title as plain text, entities decoded.
    pub title: String,
    /// The body as the source sent it: markup, never shown unescaped.
    pub html: String,
    /// The body as a person would read it; filled by `extract`.
    pub text: String,
    /// The language as the source declares it (BCP 47), which is often wrong; of a kept item the one that was decided,
    /// where one was.
    pub lang: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// When it was published, as the source says; `None` where it does not say or cannot be right.
    pub published: Option<PostedAt>,
    /// When it was last changed, as the source says.
    pub updated: Option<PostedAt>,
    /// The source's id of the item that this one answers.
    pub parent: Option<String>,
    /// The source's id of the thread that it belongs to.
    pub thread: Option<String>,
    /// What a comment or review is about: a page, product or place, as a link.
    pub target: Option<String>,
    /// The handle that it answers, as the source says (`@name`).
    pub in_reply_to: Option<String>,
    /// The id of the brand on whose own page it stands, where the source says so.
    pub on_page: Option<String>,
    /// Tags or categories as sent.
    pub tags: Vec<String>,
    /// Link targets found in the body.
    pub links: Vec<String>,
    /// The feed of its comments (`wfw:commentRss`, `rel="replies"`): a cheap way to watch what is answered.
    /// Known while it is read; the store does not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments_feed: Option<String>,
    /// What is said in an episode, as a file (`podcast:transcript`). Known while it is read, like the above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<String>,
    /// A rating as the source gives it, for instance 4.0 of 5.
    pub rating: Option<f32>,
    /// Replies, likes and so on.
    pub counts: Counts,
    /// Other ids, in the same namespace, by which its source may speak of it: what a server calls it that did not
    /// write it. By them the store finds what was deleted; it keeps them beside the item.
    #[serde(skip)]
    pub aliases: Vec<String>,
}

impl Item {
    /// An item with nothing but its key and source; the reader fills in what it found.
    #[must_use]
    pub fn new(source: SourceName, key: ItemKey) -> Self {
        Self {
            key,
            source,
            kind: ItemKind::Post,
            medium: Medium::Post,
            url: None,
            title: String::new(),
            html: String::new(),
            text: String::new(),
            lang: None,
            author: Author::default(),
            published: None,
            updated: None,
            parent: None,
            thread: None,
            target: None,
            in_reply_to: None,
            on_page: None,
            tags: Vec::new(),
            links: Vec::new(),
            comments_feed: None,
            transcript: None,
            rating: None,
            counts: Counts::default(),
            aliases: Vec::new(),
        }
    }
}

impl Item {
    /// What is matched and judged: the title, a line break, the text; the title alone or the text alone where the
    /// other is missing or says the same.
    #[must_use]
    pub fn reading_text(&self) -> Cow<'_, str> {
        let (title, text) = (self.title.trim(), self.text.trim());
        if title.is_empty() || text.starts_with(title.trim_end_matches(['…', '.'])) {
            Cow::Borrowed(text)
        } else if text.is_empty() {
            Cow::Borrowed(title)
        } else {
            Cow::Owned(format!("{title}\n{text}"))
        }
    }
}

/// What an item is within its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A post of its own.
    Post,
    /// A comment under somebody's article or post.
    Comment,
    /// An answer in a conversation.
    Reply,
    /// An article of some length.
    Article,
    /// A review of a product or place.
    Review,
    /// A video or an episode.
    Video,
    /// A message, for instance a mail.
    Message,
}

/// Where an item was said; decides which rules fit its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A short public message on X, formerly Twitter.
    Tweet,
    /// A post on any other social network, and what is not known better.
    #[default]
    Post,
    /// A comment under an article or video.
    Comment,
    /// A review on a review site or in a shop.
    Review,
    /// A blog.
    Blog,
    /// A forum.
    Forum,
    /// A newspaper, magazine or agency.
    News,
    /// Any other page.
    Web,
    /// A video and its description.
    Video,
    /// An e-mail.
    Mail,
    /// A post on Facebook.
    Facebook,
}

impl Medium {
    /// The word used in JSON, SQL and configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tweet => "tweet",
            Self::Post => "post",
            Self::Comment => "comment",
            Self::Review => "review",
            Self::Blog => "blog",
            Self::Forum => "forum",
            Self::News => "news",
            Self::Web => "web",
            Self::Video => "video",
            Self::Mail => "mail",
            Self::Facebook => "facebook",
        }
    }
}

/// The name is no medium that we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no medium; write tweet, post, comment, review, blog, forum, news, web, video, mail or facebook")]
pub struct ParseMediumError(pub String);

impl std::str::FromStr for Medium {
    type Err = ParseMediumError;

    fn from_str(name: &str) -> Result<Self, ParseMediumError> {
        Ok(match name {
            "tweet" => Self::Tweet,
            "post" => Self::Post,
            "comment" => Self::Comment,
            "review" => Self::Review,
            "blog" => Self::Blog,
            "forum" => Self::Forum,
            "news" => Self::News,
            "web" => Self::Web,
            "video" => Self::Video,
            "mail" => Self::Mail,
            "facebook" => Self::Facebook,
            other => return Err(ParseMediumError(other.to_owned())),
        })
    }
}

/// Who wrote an item, on one platform.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Author {
    /// The name that is shown.
    pub name: Option<String>,
    /// The handle as the platform writes it.
    pub handle: Option<String>,
    /// The profile or home page.
    pub url: Option<String>,
    /// Known followers; `None` is not zero.
    pub followers: Option<u64>,
    /// Earlier items of this author that mention the brand.
    pub past_mentions: Option<u32>,
    /// What the author says of themself.
    pub bio: Option<String>,
    /// They answer on a page of their own: the blogger below the blog.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_site_owner: bool,
    /// The account says of itself that a program writes here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_bot: bool,
}

/// Counts as the source gave them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<u64>,
    /// Times it was passed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reposts: Option<u64>,
    /// Likes or favorites.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likes: Option<u64>,
    /// Views.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<u64>,
}

/// An instant, and the offset of the clock that it was read from: "tonight" depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostedAt {
    /// The instant.
    pub at: Timestamp,
    /// The author's (or the source's) distance from UTC at that instant.
    pub offset: Offset,
}

impl PostedAt {
    /// An instant whose local clock is unknown.
    #[must_use]
    pub fn utc(at: Timestamp) -> Self {
        Self { at, offset: Offset::UTC }
    }
}

impl std::fmt::Display for PostedAt {
    /// RFC 3339 with the offset, whole seconds: `2026-05-04T21:00:00-04:00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // RFC 3339 has no seconds in an offset; cut there, the clock has to be cut as well to name the same instant.
        let minutes = self.offset.seconds() / 60;
        let offset = Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC);
        let printer = jiff::fmt::temporal::DateTimePrinter::new().precision(Some(0));
        f.write_str(&printer.timestamp_with_offset_to_string(&self.at, offset))
    }
}

impl std::str::FromStr for PostedAt {
    type Err = jiff::Error;

    /// Reads RFC 3339 with an offset or `Z`.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        let at: Timestamp = text.parse()?;
        let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text)?;
        let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
        Ok(Self { at, offset })
    }
}

impl Serialize for PostedAt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PostedAt {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a feed says of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedFacts {
    /// Its title as plain text.
    pub title: Option<String>,
    /// The page that it belongs to.
    pub link: Option<String>,
    /// Its own id.
    pub id: Option<String>,
    /// Its author's name.
    pub author: Option<String>,
    /// When it last changed, as it says.
    pub updated: Option<PostedAt>,
    /// What it is about.
    pub description: Option<String>,
    /// The encoding that it was decoded from (WHATWG or IANA name, lower case).
    pub encoding: Option<String>,
    /// The language that it declares (BCP 47).
    pub lang: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posted_at_keeps_its_offset_through_text() {
        for text in ["2011-08-17T15:30:00-04:00", "2026-01-01T00:00:00+05:45", "2026-07-01T12:00:00+00:00"] {
            let posted: PostedAt = text.parse().expect("well-formed");
            assert_eq!(posted.to_string(), text);
        }
    }

    #[test]
    fn a_time_without_an_offset_is_refused() {
        assert!("2026-07-01T12:00:00".parse::<PostedAt>().is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_posted_at_comes_back_from_its_text(
            second in -377_705_023_201_i64..=253_402_207_199,
            nanosecond in 0..1_000_000_000_i32,
            offset in -93_599_i32..=93_599,
        ) {
            let at = Timestamp::new(second, nanosecond).expect("in range");
            let posted = PostedAt { at, offset: Offset::from_seconds(offset).expect("in range") };
            let read: PostedAt = posted.to_string().parse().expect("well-formed");
            assert_eq!(read.at.as_second(), second, "{posted}");
        }
    }
}
