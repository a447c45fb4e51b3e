//! What a robots.txt says to one robot (RFC 9309).
//!
//! In: the bytes of the file, whatever they are, and the robot's name; later the path of a page with its query.
//! Out: whether the page may be read, by which line it may not, and the `Crawl-delay`. Nothing fails: lines that are
//! no rules are passed over. Each verdict is linear in the path for each rule; no pattern can make it worse.
//!
//! Where the standard leaves a choice we read as the big search engines do: common misspellings count, a missing
//! colon is seen, a name ends where its version begins, the beginning of our name stands for all of it where no group
//! has all, and who allows `index.html` allows its folder. Beyond them, we decode `%27` and its like, because browsers
//! and sites do not agree on which of those to encode.

mod line;
mod path;
#[cfg(test)]
mod tests;

use line::{Agent, Line};
use path::{Form, canonical};
use std::time::Duration;

/// The most bytes of a robots.txt that are read (RFC 9309, 2.5).
pub const ROBOTS_LIMIT_BYTES: usize = 500 << 10;

/// The longest `Crawl-delay` that is believed.
pub const CRAWL_DELAY_CAP: Duration = Duration::from_secs(24 * 60 * 60);

/// What a robots.txt says to one robot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// The rule that wins comes first: the longest, and of equals the one that allows.
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allows: bool,
    /// Canonical; each `*` in it stands for any text.
    pattern: Box<str>,
    /// The pattern ended in `$`: the path must end with it.
    is_anchored: bool,
}

/// Where a path must end that matches.
#[derive(Debug, Clone, Copy)]
enum End {
    Anywhere,
    /// With the pattern.
    Here,
    /// Anywhere behind a `$`, which may have been meant as itself.
    Dollar,
}

/// A `$` of a path, as it is written here.
const DOLLAR: &str = "%24";

impl Rules {
    /// The rules of `robots_txt` for the robot `agent`: a product name, with or without a version behind it.
    ///
    /// Groups that name it are put together; only where there is none, those for `*` count. Reads
    /// [`ROBOTS_LIMIT_BYTES`] at most; a line that crosses the limit is not read.
    #[must_use]
    pub fn parse(robots_txt: &[u8], agent: &str) -> Self {
        let robots_txt = within_limit(robots_txt);
        let agent = name_for(robots_txt, line::product(agent.as_bytes()));
        let (mut ours, mut everyones) = (Group::default(), Group::default());
        let mut is_naming = false;
        for line in line::lines(robots_txt) {
            match line {
                Line::Agent(named) => {
                    if !is_naming {
                        (ours.is_open, everyones.is_open) = (false, false);
                    }
                    is_naming = true;
                    match named {
                        Agent::Everyone => everyones.is_open = true,
                        Agent::Product(name) if agent.is_some_and(|agent| name.eq_ignore_ascii_case(agent)) => {
                            (ours.is_open, ours.is_named) = (true, true);
                        }
                        Agent::Product(_) => {}
                    }
                }
                Line::Rule { allows, pattern } => {
                    is_naming = false;
                    ours.add_rule(allows, pattern);
                    everyones.add_rule(allows, pattern);
                }
                // Not of the standard, so it may not part names that stand together (2.2.4).
                Line::CrawlDelay(delay) => {
                    ours.add_delay(delay);
                    everyones.add_delay(delay);
                }
            }
        }
        let group = if ours.is_named { ours } else { everyones };
        group.into_rules()
    }

    /// Rules that allow everything.
    #[must_use]
    pub fn allow_all() -> Self {
        Self::default()
    }

    /// Whether `path` may be read: the path of an address with its query, `/a/b?c=d`.
    #[must_use]
    pub fn allows(&self, path: &str) -> bool {
        self.forbidding(path).is_none()
    }

    /// The line that forbids `path`, as `Disallow: <pattern>`; `None` where it may be read.
    #[must_use]
    pub fn forbidding(&self, path: &str) -> Option<String> {
        let bare = path.split(['?', '#']).next().unwrap_or_default();
        if bare == "/robots.txt" {
            // Implicitly allowed (2.2.2).
            return None;
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let strict = canonical(path.as_bytes(), Form::Path);
        let loose = path::loosened(&strict);
        let winner = self.rules.iter().find(|rule| rule.matches(&strict, &loose))?;
        (!winner.allows).then(|| format!("Disallow: {}{}", winner.pattern, if winner.is_anchored { "$" } else { "" }))
    }

    /// The pause that the site asks for between two requests, at most [`CRAWL_DELAY_CAP`].
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }
}

/// What the groups of one name say, put together.
#[derive(Debug, Default)]
struct Group {
    /// Some line names it.
    is_named: bool,
    /// The group that is being read is one of its.
    is_open: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

impl Group {
    fn add_rule(&mut self, allows: bool, pattern: &[u8]) {
        if self.is_open {
            self.rules.extend(Rule::new(allows, pattern));
            self.rules.extend(if allows { Rule::for_folder(pattern) } else { None });
        }
    }

    fn add_delay(&mut self, delay: Duration) {
        if self.is_open {
            self.crawl_delay = self.crawl_delay.max(Some(delay.min(CRAWL_DELAY_CAP)));
        }
    }

    fn into_rules(mut self) -> Rules {
        self.rules.sort_by_key(|rule| (std::cmp::Reverse(rule.length()), !rule.allows));
        self.rules.shrink_to_fit();
        Rules { rules: self.rules, crawl_delay: self.crawl_delay }
    }
}

impl Rule {
    /// `None` where `pattern` begins neither with `/` nor with `*`, and so matches no path. A whole address is taken
    /// for the path of a page that is named by one.
    fn new(allows: bool, pattern: &[u8]) -> Option<Self> {
        let is_address = pattern.starts_with(b"http://") || pattern.starts_with(b"https://");
        let pattern = if is_address { [b"/", pattern].concat() } else { pattern.to_vec() };
        if !matches!(pattern.first(), Some(b'/' | b'*')) {
            return None;
        }
        let (pattern, is_anchored) = match pattern.strip_suffix(b"$") {
            Some(pattern) => (pattern, true),
            None => (pattern.as_slice(), false),
        };
        let strict = canonical(pattern, Form::Pattern);
        Some(Self { allows, pattern: path::loosened(&strict).into(), is_anchored })
    }

    /// Who allows the first page of a folder allows the folder itself.
    fn for_folder(pattern: &[u8]) -> Option<Self> {
        let folder = pattern.strip_suffix(b"index.html").or_else(|| pattern.strip_suffix(b"index.htm"))?;
        Self::new(true, &[folder.strip_suffix(b"/")?, b"/$"].concat())
    }

    fn length(&self) -> usize {
        self.pattern.len() + usize::from(self.is_anchored)
    }

    fn matches(&self, strict: &str, loose: &str) -> bool {
        // A pattern that speaks of the query was loosened there, so the path must be.
        let path = if self.pattern.contains('?') { loose } else { strict };
        if self.is_anchored {
            self.matches_to(path, End::Here) || (path.contains(DOLLAR) && self.matches_to(path, End::Dollar))
        } else {
            self.matches_to(path, End::Anywhere)
        }
    }

    fn matches_to(&self, path: &str, end: End) -> bool {
        let mut parts = self.pattern.split('*');
        let Some(mut rest) = parts.next().and_then(|head| path.strip_prefix(head)) else { return false };
        let Some(last) = parts.next_back() else {
            return match end {
                End::Anywhere => true,
                End::Here => rest.is_empty(),
                End::Dollar => rest.starts_with(DOLLAR),
            };
        };
        for part in parts {
            // The leftmost place leaves the most for what follows, so no other needs to be tried.
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        match end {
            End::Anywhere => rest.contains(last),
            End::Here => rest.ends_with(last),
            End::Dollar => rest.contains(&format!("{last}{DOLLAR}")),
        }
    }
}

/// The name in the file that stands for `agent`: its own, else the longest that it begins with.
fn name_for<'f>(robots_txt: &'f [u8], agent: &[u8]) -> Option<&'f [u8]> {
    let begins =
        |name: &&[u8]| !name.is_empty() && agent.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    let names = line::lines(robots_txt).filter_map(|line| match line {
        Line::Agent(Agent::Product(name)) => Some(name),
        _ => None,
    });
    names.filter(begins).max_by_key(|name| name.len())
}

/// Whole lines up to the limit.
fn within_limit(robots_txt: &[u8]) -> &[u8] {
    let Some(head) = robots_txt.get(..=ROBOTS_LIMIT_BYTES) else { return robots_txt };
    let end = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(0);
    head.get(..end).unwrap_or_default()
}
