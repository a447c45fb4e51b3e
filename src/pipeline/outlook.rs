//! What reading an address now would give: asks for it as a page is asked for, looks at it as at an item of a source,
//! and lets the routes say what they would make of it. Keeps and tells nothing.

use super::reading::is_older;
use super::study::{doubts, is_silent};
use super::{Settings, Studied, study_fully};
use crate::alert;
use crate::analyze::{BrandIndex, Doubt, RELEVANCE_FLOOR};
use crate::fetch::{Fetcher, PAGE_LIMIT_BYTES};
use crate::model::{
    Card, Cursor, HostLimit, Item, ItemId, Notice, NoticeId, NoticeKind, Opportunity, PendingNotice, Request, Response,
    RouteName, SourceName, SourceSpec, Story, Validators, Verdict,
};
use crate::net::{Net, NetError};
use crate::source::{self, ReadError};
use jiff::Timestamp;

/// What we prefer to be answered.
const ACCEPT: &str = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5";

/// The name of the source that this is not.
const NAME: &str = "why";

/// What reading an address now would give.
#[derive(Debug, Clone, PartialEq)]
pub enum Outlook {
    /// It is a feed: a source could read it.
    Feed {
        /// What it calls itself.
        title: String,
        /// How many items it holds.
        n_items: usize,
    },
    /// It is a page.
    Page(Box<PageOutlook>),
    /// It answers, but not with a page or a feed.
    Unreadable {
        /// What it is, in plain words.
        message: String,
    },
    /// It could not be asked, or did not answer with success.
    Unreached {
        /// Why, in plain words.
        message: String,
    },
}

/// What a page would give.
#[derive(Debug, Clone, PartialEq)]
pub struct PageOutlook {
    /// The page as an item; its address is the one that answered.
    pub item: Item,
    /// What we make of it.
    pub studied: Studied,
    /// The brands whose names it holds without meaning them.
    pub doubts: Vec<Doubt>,
    /// From this relevance on a brand is meant.
    pub relevance_floor: f32,
    /// It is older than `alert_max_age`.
    pub is_backlog: bool,
    /// For each mention of `studied`, in that order: what the routes would make of it; empty where it is nothing to
    /// act on.
    pub routes: Vec<Vec<(RouteName, Verdict)>>,
    /// The feeds that the page names, absolute.
    pub feeds: Vec<String>,
}

/// Asks for `url` and says what it would give, read as if `like` had given it where such a source is known.
///
/// robots.txt is obeyed, every address goes through the gate, and a host is left alone that asked for it, as `limits`
/// remember.
///
/// # Errors
/// [`NetError`] where the network cannot be set up.
pub async fn outlook(
    settings: &Settings,
    url: &str,
    like: Option<&SourceSpec>,
    limits: &[HostLimit],
    now: Timestamp,
) -> Result<Outlook, NetError> {
    let fetcher = Fetcher::new(settings.fetch.clone(), Net::new(&settings.net)?).with_secrets(settings.secrets.clone());
    fetcher.recall(limits, now);
    let request = Request {
        headers: vec![("accept".to_owned(), ACCEPT.to_owned())],
        obeys_robots: true,
        ..Request::plain(url.to_owned(), PAGE_LIMIT_BYTES)
    };
    Ok(match fetcher.fetch(&request, &Validators::default(), now).await {
        Ok(fetched) => look_at_answer(settings, &request, &fetched.response, like, now),
        Err(error) => Outlook::Unreached { message: error.to_string() },
    })
}

/// What `response` would give. Pure.
fn look_at_answer(
    settings: &Settings,
    request: &Request,
    response: &Response,
    like: Option<&SourceSpec>,
    now: Timestamp,
) -> Outlook {
    let spec = SourceSpec::new(SourceName::new(NAME), "feed", response.url.clone());
    let read = match source::open(&spec) {
        Ok(feed) => feed.read(&Cursor::default(), request, response, now),
        Err(error) => return Outlook::Unreadable { message: error.to_string() },
    };
    let feeds = match read {
        Ok(batch) => {
            let title = batch.feed.and_then(|facts| facts.title).unwrap_or_default();
            return Outlook::Feed { title, n_items: batch.items.len() };
        }
        Err(ReadError::HtmlPageWithFeeds { feeds }) => feeds,
        Err(ReadError::HtmlPage | ReadError::PlainText { .. }) => Vec::new(),
        Err(ReadError::OtherXml { .. } | ReadError::Unreadable { .. }) if is_called_html(response) => Vec::new(),
        Err(ReadError::Empty) => return Outlook::Unreadable { message: "it is empty".to_owned() },
        Err(ReadError::NotText { found }) => {
            return Outlook::Unreadable { message: format!("it is {found}, neither a page nor a feed") };
        }
        Err(error) => return Outlook::Unreadable { message: error.to_string() },
    };
    let mut items = items_of(request, response, like, now).into_iter();
    match items.next() {
        Some(first) => Outlook::Page(Box::new(look_at_page(settings, first, items, feeds, now))),
        None => Outlook::Unreadable { message: "it is a page without a text".to_owned() },
    }
}

/// Pages that begin in the middle look like XML of no kind; what the server calls them decides.
fn is_called_html(response: &Response) -> bool {
    response.header("content-type").is_some_and(|value| value.to_ascii_lowercase().contains("html"))
}

/// What reading the page gives: the article, the comments below it, or what else stands there.
fn items_of(request: &Request, response: &Response, like: Option<&SourceSpec>, now: Timestamp) -> Vec<Item> {
    let name = like.map_or_else(|| SourceName::new(NAME), |spec| spec.name.clone());
    let spec = SourceSpec { follow: Some(false), ..SourceSpec::new(name, "page", response.url.clone()) };
    let read = source::open(&spec).ok().and_then(|page| page.read(&Cursor::default(), request, response, now).ok());
    let mut items = read.map(|batch| batch.items).unwrap_or_default();
    let of_source =
        |spec: &SourceSpec| spec.medium.or_else(|| source::engine(&spec.engine).map(|engine| engine.medium));
    for item in &mut items {
        item.medium = like.and_then(of_source).unwrap_or(item.medium);
        item.lang = item.lang.take().or_else(|| like.and_then(|spec| spec.lang.clone()));
    }
    items
}

/// The first of the items that means a brand, else the first of all.
fn look_at_page(
    settings: &Settings,
    first: Item,
    rest: impl Iterator<Item = Item>,
    feeds: Vec<String>,
    now: Timestamp,
) -> PageOutlook {
    let index = BrandIndex::new(settings.watch.brands.clone());
    let look = |mut item: Item| {
        let studied = study_fully(&index, &settings.opportunity, &mut item, now);
        (item, studied)
    };
    let is_meant = |(_, studied): &(Item, Studied)| !studied.analysis.mentions.is_empty();
    let first = look(first);
    let (item, studied) = if is_meant(&first) { first } else { rest.map(look).find(is_meant).unwrap_or(first) };
    let is_backlog = is_older(&item, settings.alert_max_age, now);
    let routes = (0..studied.judged.len()).map(|index| routes(settings, &item, &studied, index, is_backlog, now));
    PageOutlook {
        routes: routes.collect(),
        doubts: doubts(&index, &item, &studied.analysis),
        relevance_floor: RELEVANCE_FLOOR,
        is_backlog,
        feeds,
        item,
        studied,
    }
}

/// What the routes would make of the mention at `index`, told now.
fn routes(
    settings: &Settings,
    item: &Item,
    studied: &Studied,
    index: usize,
    backlog: bool,
    now: Timestamp,
) -> Vec<(RouteName, Verdict)> {
    let judged = studied.judged.get(index).filter(|_| !is_silent(&studied.analysis, index));
    let opportunity: Option<Opportunity> = judged.cloned().and_then(super::Judged::into_opportunity);
    let (Some(opportunity), Some(mention)) = (opportunity, studied.analysis.mentions.get(index)) else {
        return Vec::new();
    };
    let deadline = opportunity.judgement.slots.deadline.as_ref();
    let is_past = backlog && deadline.is_none_or(|deadline| deadline.at.at <= now);
    let brand = settings.watch.brands.iter().find(|brand| brand.id == mention.brand);
    let kind = NoticeKind::Opportunity { item: ItemId(0), brand: mention.brand.clone() };
    let card = Card {
        item_id: ItemId(0),
        item: item.clone(),
        mention: mention.clone(),
        opportunity: Some(opportunity),
        seen_at: now,
        story: Story::default(),
        done: false,
        edited_at: None,
        revisions: 0,
    };
    let notice = Notice { kind, at: now, backlog };
    let pending = PendingNotice { id: NoticeId(0), notice, is_past, card: Some(card), told_by: Vec::new() };
    let decided = alert::decide(&pending, &settings.alert, brand, now);
    decided.into_iter().map(|decision| (decision.route, decision.verdict)).collect()
}

impl PageOutlook {
    /// Whether nobody is told of the mention at `index` whatever it is: it is spam, or the brand's own.
    #[must_use]
    pub fn is_silent(&self, index: usize) -> bool {
        is_silent(&self.studied.analysis, index)
    }
}
