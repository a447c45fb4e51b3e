//! What reading a link now would give, in plain words.

use super::super::talk::print;
use super::{
    LANGUAGE, LINK_LIMIT, QUOTE_LIMIT, Teller, WORDS_LIMIT, line, tell_judgement, tell_reasons, tell_spam, tell_verdict,
};
use crate::app::{Outlook, PageOutlook, Why};
use crate::desk::Nearness;
use crate::wording::one_line;

/// Feeds that are told of those that a page names.
const FEEDS_LIMIT: usize = 3;

impl Teller<'_> {
    pub(super) fn tell_outlook(&self, outlook: &Outlook, why: &Why) -> std::io::Result<()> {
        print("\nRead now, as a test; nothing of it is kept or told")?;
        match outlook {
            Outlook::Unreached { message } => line("answer", &format!("none: {}", one_line(message, LINK_LIMIT))),
            Outlook::Unreadable { message } => line("answer", &one_line(message, LINK_LIMIT)),
            Outlook::Feed { title, n_items } => {
                let items = if *n_items == 1 { "1 item".to_owned() } else { format!("{n_items} items") };
                let title = one_line(title, WORDS_LIMIT);
                let named = if title.is_empty() { String::new() } else { format!(" {}", LANGUAGE.quoted(&title)) };
                line("answer", &format!("a feed{named} with {items}, not a single post"))?;
                let has_source = why.sources.iter().any(|near| near.nearness == Nearness::Itself);
                let advice = "no source reads it; to listen to it, add a [[source]] with this url to sources.toml";
                if has_source { Ok(()) } else { line("advice", advice) }
            }
            Outlook::Page(page) => self.tell_page(page),
        }
    }

    fn tell_page(&self, page: &PageOutlook) -> std::io::Result<()> {
        let item = &page.item;
        line("answer", "a page")?;
        line("address", &one_line(item.url.as_deref().unwrap_or_default(), LINK_LIMIT))?;
        line("text", &LANGUAGE.quoted(&one_line(&item.reading_text(), QUOTE_LIMIT)))?;
        match item.published {
            Some(posted) if page.is_backlog => {
                line("posted", &format!("{}, longer ago than `alert_max_age`", self.moment(posted.at)))?;
            }
            Some(posted) => line("posted", &self.moment(posted.at))?,
            None => line("posted", "it does not say; taken as posted now")?,
        }
        let analysis = &page.studied.analysis;
        line("language", analysis.lang.as_deref().unwrap_or("undecided"))?;
        tell_spam(analysis.spam.is_spam, &analysis.spam.reasons)?;
        for (index, (mention, judged)) in analysis.mentions.iter().zip(&page.studied.judged).enumerate() {
            self.tell_match(mention)?;
            tell_judgement(&judged.judgement)?;
            match page.routes.get(index).map(Vec::as_slice).unwrap_or_default() {
                [] if page.is_silent(index) => line("told", "nobody: it is spam, or the brand's own")?,
                [] => line("told", "nobody: only what somebody should act on is told")?,
                routes => routes.iter().try_for_each(|(route, verdict)| tell_verdict(route, verdict, None))?,
            }
        }
        self.tell_doubts(page)?;
        for feed in page.feeds.iter().take(FEEDS_LIMIT) {
            line("feed", &format!("the page names {}", one_line(feed, LINK_LIMIT)))?;
        }
        Ok(())
    }

    fn tell_doubts(&self, page: &PageOutlook) -> std::io::Result<()> {
        for doubt in &page.doubts {
            let (brand, floor) = (self.brand(&doubt.brand), page.relevance_floor);
            line("not meant", &format!("{brand}, relevance {:.2}, below {floor:.2}", doubt.relevance))?;
            tell_reasons(&doubt.reasons)?;
        }
        if page.studied.analysis.mentions.is_empty() {
            let why = match (self.brands.is_empty(), page.doubts.is_empty()) {
                (true, _) => "no brand is watched; add a [[brand]] to sources.toml",
                (false, true) => "it would be passed over: it holds no name of a watched brand",
                (false, false) => "it would be passed over: the names that it holds mean something else",
            };
            line("brand", &format!("none: {why}"))?;
        }
        Ok(())
    }
}
