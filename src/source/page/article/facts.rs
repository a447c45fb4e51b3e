//! What a page says about its article: who, when, in which language, where.

use super::Article;
use super::title::title;
use crate::source::page::comments::{comment_nodes, date_in, is_date_like, plain_name};
use crate::source::page::node::{Nodes, Step, has_prop, is_named, text, walk};
use crate::text::fold_blanks;
use crate::when::read_date;
use ego_tree::NodeRef;
use jiff::Timestamp;
use jiff::tz::Offset;
use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

/// The most tags that are kept.
const TAGS_LIMIT: usize = 50;

/// How many texts without an element of their own are looked at for a date, and how long they are at most.
const LOOSE_LIMIT: usize = 3;
const LOOSE_BYTES: usize = 80;

/// The longest text of a fact, in bytes.
const LONGEST_BYTES: usize = 300;

/// All that is known of the article but its body.
#[must_use]
pub fn facts(page: &Html, url: &str, now: Timestamp) -> Article {
    let said = Said::of(page);
    let clock = clock_of(page);
    let base = Url::parse(url).ok();
    let read = |text: &str| date_in(text, now, clock);
    let site = said.meta(&["og:site_name", "application-name"]);
    let author = said.author();
    Article {
        title: title(page, said.meta(&["og:title", "twitter:title", "dc.title", "dcterms.title"]), site.as_deref()),
        html: String::new(),
        author_url: author
            .as_ref()
            .and_then(|(_, href)| base.as_ref()?.join(href.as_deref()?).ok())
            .filter(is_web)
            .map(String::from),
        author: author.map(|(name, _)| name),
        published: said
            .dates(PUBLISHED, &["datePublished", "dateCreated"])
            .iter()
            .find_map(|text| read(text))
            .or_else(|| said.times.iter().chain(&said.loose).find_map(|text| read(text))),
        updated: said.dates(UPDATED, &["dateModified"]).iter().find_map(|text| read(text)),
        lang: said
            .lang
            .clone()
            .or_else(|| said.meta(&["og:locale", "language", "content-language", "dc.language"]))
            .map(|lang| lang.replace('_', "-")),
        url: said.own_url(base.as_ref()),
        tags: said.tags.clone(),
        site,
    }
}

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "published_at",
    "cxenseparse:recs:publishtime",
    "last-published",
    "publication_date",
];

const UPDATED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "dcterms.modified",
    "last-modified",
    "datemodified",
    "article.updated",
];

/// Who wrote the article of `page`.
#[must_use]
pub fn author_of(page: &Html) -> Option<String> {
    Said::of(page).author().map(|(name, _)| name)
}

/// The clock by which `page` shows its times: that of the first one that states its offset, else UTC.
#[must_use]
pub fn clock_of(page: &Html) -> Offset {
    let mut clock = None;
    let stated = |text: &str| {
        let (_, time) = text.split_once('T')?;
        time.contains(['+', '-']).then(|| read_date(text).map(|date| date.offset))?
    };
    for node in page.tree.root().descendants() {
        let Some(element) = node.value().as_element() else { continue };
        let told = match element.name() {
            "meta" => element.attr("content"),
            "time" => element.attr("datetime"),
            _ => None,
        };
        clock = told.filter(|told| told.len() < 40).and_then(stated);
        if clock.is_some() {
            break;
        }
    }
    clock.unwrap_or(Offset::UTC)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// What the page says in its head and around its article.
#[derive(Default)]
struct Said<'t> {
    metas: Vec<(String, &'t str)>,
    /// Values of `itemprop` dates.
    props: Vec<(&'static str, String)>,
    /// Texts of time elements outside the comments.
    times: Vec<String>,
    /// Short texts with a date that no element marks.
    loose: Vec<String>,
    /// Names beside the article with their links, by how sure they are.
    authors: Vec<(usize, String, Option<&'t str>)>,
    canonical: Option<&'t str>,
    lang: Option<String>,
    tags: Vec<String>,
}

impl<'t> Said<'t> {
    fn of(page: &'t Html) -> Self {
        let mut said = Self::default();
        let cut = comment_nodes(page);
        walk(
            page.tree.root(),
            |node| {
                if cut.contains(&node.id()) {
                    return Step::Over;
                }
                if let Node::Text(piece) = node.value() {
                    said.look_at_text(piece);
                }
                let Some(element) = node.value().as_element() else { return Step::In };
                if is_named(
                    element,
                    &["comments", "commentlist", "comment-list", "respond", "sidebar", "related", "widget-area"],
                ) && !matches!(element.name(), "body" | "html")
                {
                    return Step::Over;
                }
                said.look(node, element);
                Step::In
            },
            |_| {},
        );
        said
    }

    fn look(&mut self, node: NodeRef<'t, Node>, element: &'t Element) {
        match element.name() {
            "html" => {
                self.lang = element
                    .attr("lang")
                    .or_else(|| element.attr("xml:lang"))
                    .map(str::trim)
                    .filter(|lang| (2..=20).contains(&lang.len()))
                    .map(str::to_owned);
            }
            "meta" => self.look_at_meta(element),
            "link" if element.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.canonical = self.canonical.or(element.attr("href"));
            }
            "time" => self
                .times
                .extend(element.attr("datetime").map(str::to_owned).or_else(|| Some(text(node, &Nodes::default())))),
            _ => {}
        }
        for prop in ["datePublished", "dateCreated", "dateModified"] {
            if has_prop(element, &[prop]) {
                let told = element.attr("content").or_else(|| element.attr("datetime"));
                self.props.push((prop, told.map_or_else(|| text(node, &Nodes::default()), str::to_owned)));
            }
        }
        self.look_for_tag(node, element);
        self.look_for_author(node, element);
        let is_date = is_named(
            element,
            &[
                "entry-date",
                "post-date",
                "published",
                "dateline",
                "date",
                "posted-on",
                "datum",
                "article-date",
                "pubdate",
                "timestamp",
                "entry-meta",
                "post-meta",
                "date-header",
                "meta",
                "postmetadata",
            ],
        );
        if is_date && element.name() != "time" && self.times.len() < TAGS_LIMIT {
            self.times.extend(Some(text(node, &Nodes::default())).filter(|text| text.len() < LONGEST_BYTES));
        }
    }

    /// "3. Mai 2024 von Ines Probe", in no element of its own name.
    fn look_at_text(&mut self, piece: &str) {
        let text = piece.trim();
        if self.loose.len() < LOOSE_LIMIT && (6..=LOOSE_BYTES).contains(&text.len()) && is_date_like(text) {
            let name =
                [" von ", " by "].iter().find_map(|mark| text.split_once(mark)).and_then(|(_, name)| plain_name(name));
            self.authors
                .extend(name.filter(|name| !name.contains(|c: char| c.is_ascii_digit())).map(|name| (9, name, None)));
            self.loose.push(text.to_owned());
        }
    }

    fn look_at_meta(&mut self, element: &'t Element) {
        let name = element.attr("property").or_else(|| element.attr("name")).or_else(|| element.attr("http-equiv"));
        let (Some(name), Some(content)) = (name, element.attr("content")) else { return };
        let content = content.trim();
        if content.is_empty() || content.len() > LONGEST_BYTES {
            return;
        }
        let name = name.trim().to_ascii_lowercase();
        if name == "article:tag" {
            self.tag(content);
        }
        self.metas.push((name, content));
    }

    fn look_for_tag(&mut self, node: NodeRef<'t, Node>, element: &Element) {
        let rel = element.attr("rel").unwrap_or("");
        if element.name() == "a" && rel.split_ascii_whitespace().any(|word| word == "tag") {
            let is_category =
                rel.contains("category") || element.attr("href").is_some_and(|href| href.contains("/category/"));
            if !is_category {
                self.tag(&text(node, &Nodes::default()));
            }
        }
    }

    fn tag(&mut self, tag: &str) {
        let tag = fold_blanks(tag);
        if !tag.is_empty() && tag.len() <= 100 && self.tags.len() < TAGS_LIMIT && !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
    }

    fn look_for_author(&mut self, node: NodeRef<'t, Node>, element: &'t Element) {
        let rank = match () {
            () if has_prop(element, &["author"]) => 0,
            () if element.attr("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word == "author"))
                && element.name() == "a" =>
            {
                1
            }
            () if is_named(
                element,
                &[
                    "author-name",
                    "entry-author-name",
                    "post-author-name",
                    "article-author",
                    "article__author",
                    "byline-name",
                    "byline__name",
                    "p-author",
                ],
            ) =>
            {
                2
            }
            () if is_named(
                element,
                &[
                    "fn",
                    "entry-author",
                    "post-author",
                    "author",
                    "autor",
                    "byline",
                    "by-author",
                    "posted-by",
                    "postedby",
                    "dateline-author",
                ],
            ) =>
            {
                3
            }
            () => return,
        };
        if self.authors.len() >= TAGS_LIMIT || matches!(element.name(), "body" | "html" | "article" | "main") {
            return;
        }
        let named = node.descendants().skip(1).find(|inner| {
            inner
                .value()
                .as_element()
                .is_some_and(|inner| has_prop(inner, &["name"]) || is_named(inner, &["fn", "author-name"]))
        });
        let from = named.unwrap_or(node);
        let content = from.value().as_element().and_then(|element| element.attr("content"));
        let name = content.map_or_else(|| text(from, &Nodes::default()), str::to_owned);
        let Some(name) = plain_name(&before_date(&name)).filter(|name| name.split_whitespace().count() <= 8) else {
            return;
        };
        let href = node
            .descendants()
            .chain(node.ancestors().take(1))
            .filter_map(|inner| inner.value().as_element())
            .find_map(|inner| if inner.name() == "a" { inner.attr("href") } else { None });
        self.authors.push((rank, name, href));
    }

    fn meta(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(known, _)| known == name))
            .map(|(_, content)| fold_blanks(content))
    }

    fn dates(&self, metas: &[&str], props: &[&str]) -> Vec<String> {
        let told = metas.iter().filter_map(|name| self.meta(&[name]));
        told.chain(self.props.iter().filter(|(prop, _)| props.contains(prop)).map(|(_, text)| text.clone())).collect()
    }

    fn author(&self) -> Option<(String, Option<String>)> {
        let told = self.meta(&[
            "author",
            "dc.creator",
            "dcterms.creator",
            "parsely-author",
            "article:author",
            "article.author",
            "sailthru.author",
            "byl",
        ]);
        let told = told.filter(|name| !name.contains("://") && !name.contains('@')).and_then(|name| plain_name(&name));
        let mut shown: Vec<_> = self.authors.iter().collect();
        shown.sort_by_key(|(rank, _, _)| *rank);
        let link = |name: &str| {
            shown.iter().find(|(_, shown, _)| shown == name).and_then(|(_, _, href)| href.map(str::to_owned))
        };
        match told {
            Some(name) => Some((name.clone(), link(&name))),
            None => shown.first().map(|(_, name, href)| (name.clone(), href.map(str::to_owned))),
        }
    }

    fn own_url(&self, base: Option<&Url>) -> Option<String> {
        let base = base?;
        let told = self.canonical.map(str::to_owned).or_else(|| self.meta(&["og:url"]))?;
        let url = base.join(told.trim()).ok().filter(is_web)?;
        let site = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
        (site(&url) == site(base)).then(|| url.to_string())
    }
}

/// A byline up to the time in it: "by Ines Probe on May 5, 2024".
fn before_date(line: &str) -> String {
    let line = fold_blanks(line);
    let end =
        [" on ", " am ", " | ", " · ", " – ", ", ", " um ", " vom "].iter().filter_map(|mark| line.find(mark)).min();
    let first_digit = line.find(|c: char| c.is_ascii_digit());
    let end = match (end, first_digit) {
        (Some(end), _) if end > 0 => end,
        (_, Some(digit)) if digit > 0 => digit,
        _ => line.len(),
    };
    line.get(..end).unwrap_or(&line).trim().to_owned()
}
