//! Measures the readers of articles and comments on pages of a folder, beside the bare library.

#![expect(clippy::disallowed_macros, reason = "a measurement that people start is read in the terminal")]

use super::article::{Article, article};
use super::comments::{Comment, comments};
use super::tree::tree;
use crate::extract::plain;
use crate::model::PostedAt;
use crate::when::read_date;
use scraper::Html;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

const URL: &str = "https://blog.example/article";

/// `PORTERHOUSE_PAGES=folder[:folder] cargo test --lib measure_pages -- --ignored --nocapture`
///
/// A folder holds `NAME.html` with `NAME.expected.html` (the body) or `NAME.expected.json` (phrases, comments).
#[test]
#[ignore = "measures pages that are not part of the project"]
fn measure_pages() {
    let folders = std::env::var("PORTERHOUSE_PAGES").unwrap_or_default();
    for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
        println!(
            "\n{folder}\n{:<48} {:>6} {:>6} {:>6} {:>9} {:>7} {:>7} {:>7} {:>7}",
            "page", "text", "plain", "bare", "comments", "author", "date", "text", "parent"
        );
        let mut sums = Sums::default();
        for page in pages(Path::new(folder)) {
            let row = Row::of(&page);
            println!("{row}");
            sums.add(&row);
        }
        println!("{sums}");
    }
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| {
        path.to_string_lossy().ends_with(".html") && !path.to_string_lossy().ends_with(".expected.html")
    });
    pages.sort();
    pages
}

#[derive(Default)]
struct Row {
    name: String,
    text: f64,
    plain: f64,
    bare: f64,
    has_article: bool,
    n_expected: usize,
    n_found: usize,
    n_too_many: usize,
    n_author: usize,
    n_date: usize,
    n_text: usize,
    n_parent: usize,
}

impl Row {
    fn of(path: &Path) -> Self {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let html = String::from_utf8_lossy(&std::fs::read(path).expect("readable")).into_owned();
        let page = tree(&html);
        let now = "2026-11-01T00:00:00Z".parse().expect("a time");
        let ours = article(&page, URL, now);
        let bare = bare(&html);
        let mut row = Self { name, ..Self::default() };
        let beside = |ending: &str| std::fs::read_to_string(path.with_extension(ending)).ok();
        if let Some(expected) = beside("expected.html") {
            row.compare_bodies(&expected, ours.as_ref(), &bare);
        }
        if let Some(expected) = beside("expected.json") {
            let expected: Value = serde_json::from_str(&expected).expect("json");
            row.compare_phrases(&expected, ours.as_ref(), &bare);
            row.compare_comments(&expected, &comments(&page, URL, now));
        }
        row
    }

    fn compare_bodies(&mut self, expected: &str, ours: Option<&Article>, bare: &str) {
        let expected = all_text(expected);
        let html = ours.map_or("", |ours| ours.html.as_str());
        self.text = f1(&all_text(html), &expected);
        self.plain = f1(&plain(html), &expected);
        self.bare = f1(&all_text(bare), &expected);
        self.has_article = true;
        if std::env::var("PORTERHOUSE_SHOW").is_ok_and(|name| name == self.name) {
            println!("{}\n------\n{}\n------\n{expected}", differences(&all_text(html), &expected), all_text(html));
        }
    }

    fn compare_phrases(&mut self, expected: &Value, ours: Option<&Article>, bare: &str) {
        let html = ours.map_or("", |ours| ours.html.as_str());
        let list = |key: &str| -> Vec<String> {
            let phrases = expected[key].as_array().into_iter().flatten();
            phrases.filter_map(|phrase| phrase.as_str().map(str::to_owned)).collect()
        };
        let share = |text: &str| {
            let text = folded(text);
            let (wanted, unwanted) = (list("must_contain"), list("must_not_contain"));
            let n_right = wanted.iter().filter(|phrase| text.contains(&folded(phrase))).count()
                + unwanted.iter().filter(|phrase| !text.contains(&folded(phrase))).count();
            n_right as f64 / (wanted.len() + unwanted.len()).max(1) as f64
        };
        (self.text, self.plain, self.bare) = (share(&all_text(html)), share(&plain(html)), share(&all_text(bare)));
        self.has_article = true;
        if std::env::var("PORTERHOUSE_SHOW").is_ok_and(|name| name == self.name) {
            println!(
                "{:?}\n{}",
                ours.map(|ours| (
                    &ours.title,
                    &ours.author,
                    &ours.published,
                    &ours.lang,
                    &ours.url,
                    &ours.tags,
                    &ours.site
                )),
                plain(html)
            );
        }
    }

    fn compare_comments(&mut self, expected: &Value, found: &[Comment]) {
        let expected: Vec<&Value> = expected["comments"].as_array().into_iter().flatten().collect();
        self.n_expected = expected.len();
        let mut open: Vec<&Comment> = found.iter().collect();
        for wanted in expected {
            let at = |key: &str| wanted[key].as_str().map(str::to_owned);
            let text = at("text").unwrap_or_default();
            let best = open.iter().enumerate().map(|(place, comment)| (place, f1(&all_text(&comment.html), &text)));
            let Some((place, likeness)) = best.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|best| best.1 > 0.7) else {
                println!("  missing: {text}");
                continue;
            };
            let comment = open.remove(place);
            let date = at("datetime").or_else(|| at("date_text")).and_then(|text| read_date(&text));
            self.n_found += 1;
            let is_right =
                [comment.author == at("author"), same_day(comment.published, date), comment.parent == at("parent")];
            self.n_author += usize::from(is_right[0]);
            self.n_date += usize::from(is_right[1]);
            self.n_parent += usize::from(is_right[2]);
            self.n_text += usize::from(likeness > 0.98);
            if is_right != [true; 3] || likeness <= 0.98 {
                println!("  {comment:?}\n  {wanted}");
            }
        }
        self.n_too_many = open.len();
        for comment in open {
            println!("  too many: {comment:?}");
        }
    }
}

/// A page's date without zone is read in another zone here and there: a day apart is the same.
fn same_day(found: Option<PostedAt>, expected: Option<PostedAt>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => (found.at.as_second() - expected.at.as_second()).abs() < 24 * 3600,
        (_, None) => true,
        (None, Some(_)) => false,
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name: String = self.name.chars().take(48).collect();
        write!(f, "{name:<48} {:>6.3} {:>6.3} {:>6.3}", self.text, self.plain, self.bare)?;
        if self.n_expected + self.n_too_many > 0 {
            write!(f, " {:>4}/{:<4}", self.n_found, self.n_expected)?;
            write!(f, " {:>7} {:>7} {:>7} {:>7}", self.n_author, self.n_date, self.n_text, self.n_parent)?;
        }
        if self.text < self.bare - 0.02 { write!(f, "  worse") } else { Ok(()) }
    }
}

#[derive(Default)]
struct Sums {
    rows: Vec<[f64; 3]>,
    comments: [usize; 7],
}

impl Sums {
    fn add(&mut self, row: &Row) {
        if row.has_article {
            self.rows.push([row.text, row.plain, row.bare]);
        }
        let counts = [row.n_found, row.n_expected, row.n_too_many, row.n_author, row.n_date, row.n_text, row.n_parent];
        for (sum, count) in self.comments.iter_mut().zip(counts) {
            *sum += count;
        }
    }
}

impl std::fmt::Display for Sums {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mean = |at: usize| self.rows.iter().map(|row| row[at]).sum::<f64>() / self.rows.len().max(1) as f64;
        write!(f, "{:<48} {:>6.3} {:>6.3} {:>6.3}", format!("mean of {}", self.rows.len()), mean(0), mean(1), mean(2))?;
        let [found, expected, too_many, author, date, text, parent] = self.comments;
        write!(f, " {found}/{expected} (+{too_many}) author {author} date {date} text {text} parent {parent}")
    }
}

/// What the bare library makes of the page.
fn bare(html: &str) -> String {
    let read = dom_smoothie::Readability::new(html, Some(URL), None).and_then(|mut reader| reader.parse());
    read.map_or(String::new(), |article| article.content.to_string())
}

/// All text of `html`, quotations too.
fn all_text(html: &str) -> String {
    let page = Html::parse_document(html);
    super::node::text(page.tree.root(), &super::node::Nodes::default())
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn counted(text: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

/// Harmonic mean of precision and recall over the words of both texts.
fn f1(found: &str, expected: &str) -> f64 {
    let (found, expected) = (counted(found), counted(expected));
    let n_common: usize = found.iter().map(|(word, n)| (*n).min(expected.get(word).copied().unwrap_or(0))).sum();
    let (n_found, n_expected): (usize, usize) = (found.values().sum(), expected.values().sum());
    if n_found + n_expected == 0 { 1.0 } else { 2.0 * n_common as f64 / (n_found + n_expected) as f64 }
}

fn differences(found: &str, expected: &str) -> String {
    let (found, expected) = (counted(found), counted(expected));
    let n_less = |a: &HashMap<String, usize>, b: &HashMap<String, usize>| {
        a.iter().map(|(word, n)| n.saturating_sub(b.get(word).copied().unwrap_or(0))).sum::<usize>()
    };
    format!("too many words: {}, missing words: {}", n_less(&found, &expected), n_less(&expected, &found))
}
