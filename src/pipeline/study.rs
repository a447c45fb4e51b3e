//! Studies one item: the order in which extract, analyze and opportunity look at it.
//!
//! Pure and synchronous: no clock, network or database; any number of cores may do it.

use crate::analyze::{self, BrandIndex, Doubt, Learned};
use crate::extract;
use crate::model::{
    Analysis, BrandId, Item, Judgement, NearestOutlet, Opportunity, PassReason, Past, Plan, PostedAt, Reason,
};
use crate::opportunity::{self, Clues, Errand, Subject};
use crate::text::Tokens;
use jiff::Timestamp;

/// What studying one item gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Studied {
    /// Language, spam, feeling, mentions.
    pub analysis: Analysis,
    /// For each mention of `analysis`, in that order.
    pub judged: Vec<Judged>,
}

/// What we think of one mention.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Kinds, slots, score, reasons.
    pub judgement: Judgement,
    /// The own location that can act soonest.
    pub nearest: Option<NearestOutlet>,
    /// What else can be done, or why nobody can.
    pub plan: Plan,
}

/// Says what an author and a thread were about before.
pub type AskPast<'a> = dyn Fn(&Item, &[BrandId]) -> Past + 'a;

/// Says to which flood of copies an item with these tokens belongs, if it does.
pub type AskCopies<'a> = dyn Fn(&Item, &Tokens<'_>) -> Option<Reason> + 'a;

/// What is known from before, handed to study by whoever has a store. The default knows nothing.
#[derive(Default)]
pub struct History<'a> {
    /// What people said of spam.
    pub learned: Option<&'a Learned>,
    /// What an author and a thread were about before; asked only where a name is in doubt.
    pub past: Option<&'a AskPast<'a>>,
    /// The flood of copies that a text belongs to, if it does; asked only of what is kept.
    pub copies: Option<&'a AskCopies<'a>>,
}

/// What studying needs, made once for many items.
pub struct Studying {
    index: BrandIndex,
    settings: opportunity::Settings,
}

impl Studying {
    /// By the brands and settings of `settings`.
    #[must_use]
    pub fn new(settings: &super::Settings) -> Self {
        Self { index: BrandIndex::new(settings.watch.brands.clone()), settings: settings.opportunity.clone() }
    }

    /// Studies `item` fully, whether it names a brand or not.
    #[must_use]
    pub fn study(&self, item: &mut Item, now: Timestamp) -> Studied {
        study_fully(&self.index, &self.settings, item, now)
    }
}

/// Studies `item` as far as it is worth: an item that names no brand costs one look.
///
/// Fills `item.text` and `item.links` of an item that may name one. `now` stands in where the item does not say when it was published.
///
/// # Errors
/// The reason why the item is of no interest; not a failure.
pub fn study(
    index: &BrandIndex,
    settings: &opportunity::Settings,
    item: &mut Item,
    now: Timestamp,
    history: &History<'_>,
) -> Result<Studied, PassReason> {
    if !analyze::may_name_a_brand(index, item) {
        return Err(PassReason::NoBrand);
    }
    extract::fill(item);
    let text = item.reading_text();
    let sightings = analyze::sightings(index, item, &text);
    if sightings.is_empty() {
        return Err(PassReason::NoBrand);
    }
    let tokens = Tokens::new(&text);
    let mut analysis = analyze::analyze(index, item, &tokens, &sightings);
    let is_meant = |brand: usize| {
        let id = index.brands().get(brand).map(|brand| &brand.id);
        analysis.mentions.iter().any(|mention| Some(&mention.brand) == id)
    };
    if !sightings.iter().all(|sighting| is_meant(sighting.brand)) {
        let in_doubt = analyze::in_doubt(index, item, &tokens, &sightings, analysis.lang.as_deref());
        let past =
            history.past.filter(|_| !in_doubt.is_empty()).map_or_else(Past::default, |past| past(item, &in_doubt));
        if past.says_something() {
            analysis = analyze::analyze_knowing(index, item, &tokens, &sightings, &past);
        }
    }
    let is_own = analysis.mentions.iter().any(|mention| mention.own);
    if let Some(learned) = history.learned {
        analyze::heed_learned(learned, item, &tokens, is_own, &mut analysis.spam);
    }
    if let Some(flood) =
        history.copies.filter(|_| !is_own && !analysis.mentions.is_empty()).and_then(|copies| copies(item, &tokens))
    {
        analyze::add_flood(&mut analysis.spam, flood);
    }
    if analysis.mentions.is_empty() {
        let doubts = analyze::doubts(index, item, &tokens, &sightings, analysis.lang.as_deref());
        let is_other_language = !doubts.is_empty() && doubts.iter().all(|doubt| doubt.is_other_language);
        return Err(if is_other_language { PassReason::OtherLanguage } else { PassReason::NotRelevant });
    }
    let judged = judge_all(index, settings, item, &tokens, &analysis, now);
    Ok(Studied { analysis, judged })
}

/// Studies `item` whether or not it names a brand, for those who ask about one text.
#[must_use]
pub fn study_fully(index: &BrandIndex, settings: &opportunity::Settings, item: &mut Item, now: Timestamp) -> Studied {
    extract::fill(item);
    let text = item.reading_text();
    let sightings = analyze::sightings(index, item, &text);
    let tokens = Tokens::new(&text);
    let analysis = analyze::analyze(index, item, &tokens, &sightings);
    let judged = judge_all(index, settings, item, &tokens, &analysis, now);
    Studied { analysis, judged }
}

/// The brands whose names were found in `item`, which was studied, but which are not meant, and why.
#[must_use]
pub fn doubts(index: &BrandIndex, item: &Item, analysis: &Analysis) -> Vec<Doubt> {
    let text = item.reading_text();
    let sightings = analyze::sightings(index, item, &text);
    analyze::doubts(index, item, &Tokens::new(&text), &sightings, analysis.lang.as_deref())
}

/// Whether nobody is told of the mention at `index` of `analysis`, whatever it is: of spam, and of what a brand says
/// itself.
pub(super) fn is_silent(analysis: &Analysis, index: usize) -> bool {
    analysis.spam.is_spam || analysis.mentions.get(index).is_none_or(|mention| mention.own)
}

fn judge_all(
    index: &BrandIndex,
    settings: &opportunity::Settings,
    item: &Item,
    tokens: &Tokens<'_>,
    analysis: &Analysis,
    now: Timestamp,
) -> Vec<Judged> {
    let posted = item.published.unwrap_or(PostedAt::utc(now));
    let judge_one = |mention: &crate::model::Mention| {
        let brand = index.brands().iter().find(|brand| brand.id == mention.brand)?;
        let subject = Subject {
            item,
            tokens,
            lang: analysis.lang.as_deref(),
            mention,
            brand,
            is_spam: analysis.spam.is_spam,
            posted,
        };
        let judgement = opportunity::judge(&subject, || Clues::read(&subject));
        let slots = &judgement.slots;
        let deadline = slots.deadline.as_ref().map(|deadline| deadline.at.at);
        let errand = Errand { at: slots.place_found.as_ref(), deadline, now };
        let (nearest, plan) = opportunity::outlets(brand, &errand, settings);
        Some(Judged { judgement, nearest, plan })
    };
    analysis.mentions.iter().map(|mention| judge_one(mention).unwrap_or_else(Judged::nothing)).collect()
}

impl Judged {
    fn nothing() -> Self {
        Self { judgement: Judgement::default(), nearest: None, plan: Plan::default() }
    }

    /// The opportunity, if somebody should act.
    #[must_use]
    pub fn into_opportunity(self) -> Option<Opportunity> {
        let Self { judgement, nearest, plan } = self;
        judgement.is_opportunity().then_some(Opportunity { judgement, nearest, plan })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, PastOfBrand, SourceName};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static INDEX: LazyLock<BrandIndex> = LazyLock::new(|| {
        let brand = serde_json::json!({
            "id": "bahn", "name": "Deutsche Bahn", "aliases": ["Köln Bahn", "DB", "Straße", "Bahn"],
            "handles": ["@DB_Bahn", "bahn.bsky.social"], "hashtags": ["#bahn"], "domains": ["bahn.example"],
        });
        BrandIndex::new(vec![serde_json::from_value(brand).expect("a brand")])
    });

    /// Pieces of names, of markup, and all kinds of borders; the tags are those that skimming knows, and some more.
    const PIECES: &[&str] = &[
        "Deutsche",
        "BAHN",
        "Bah",
        "n",
        "ba",
        "hn",
        "DB",
        "@",
        "#",
        "_",
        ".",
        "bsky",
        "social",
        "example",
        "Stra",
        "ß",
        "ss",
        "e",
        "Ko",
        "\u{308}",
        "ö",
        "ln",
        "s",
        "'",
        " ",
        "  ",
        "\n",
        "\u{a0}",
        "\u{ad}",
        "\u{200b}",
        "&",
        "&nbsp;",
        "&#98;",
        "&auml;",
        "&lt;",
        ";",
        "<",
        ">",
        "/",
        "=",
        "\"",
        "-",
        "<b>",
        "</b>",
        "<a href='x'>",
        "<i class=\"a>b\">",
        "<br>",
        "<p>",
        "</p>",
        "<img>",
        "<td>",
        "</li>",
        "<div",
        "<blockquote>",
        "</blockquote>",
        "<aside class=quote>",
        "</aside>",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<button>",
        "</button>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<!",
        "<?",
        "<h1>",
        "<span>",
        "<x:b>",
        "<wbr>",
        "<figure>",
        "\u{1}",
        "ﬁ",
        "é",
        "e\u{301}",
        "\u{b4}",
        "👍",
        "각",
    ];

    fn markup() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn the_past_is_asked_only_where_a_name_is_in_doubt_and_may_decide() {
        let check = |text: &str, n_by_author: usize, (n_asked, is_meant): (usize, bool)| {
            let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
            let mut item = Item::new(SourceName::new("s"), key);
            (item.text, item.lang) = (text.to_owned(), Some("de".to_owned()));
            let asked = std::cell::Cell::new(0);
            let past = |_: &Item, brands: &[BrandId]| {
                asked.set(asked.get() + 1);
                let past = |brand: &BrandId| PastOfBrand { brand: brand.clone(), n_by_author, in_thread: false };
                Past { brands: brands.iter().map(past).collect() }
            };
            let settings = opportunity::Settings::default();
            let studied = study(
                &INDEX,
                &settings,
                &mut item,
                Timestamp::UNIX_EPOCH,
                &History { past: Some(&past), ..History::default() },
            );
            assert_eq!((asked.get(), studied.is_ok()), (n_asked, is_meant), "{text}");
        };
        check("Die Deutsche Bahn ist schon wieder zu spät", 0, (0, true));
        check("Es regnet", 3, (0, false));
        check("die bahn war heute leer", 0, (1, false));
        check("die bahn war heute leer", 3, (1, true));
        check("wir trafen uns neben der bahn auf der schiefen bahn", 3, (0, false));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_is_passed_over_at_a_glance_names_no_brand(title in markup(), html in markup(), text in markup()) {
            let index = &*INDEX;
            let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
            let mut item = Item::new(SourceName::new("s"), key);
            (item.title, item.html, item.text) = (title, html, text);
            let may = analyze::may_name_a_brand(index, &item);
            extract::fill(&mut item);
            let sightings = analyze::sightings(index, &item, &item.reading_text());
            prop_assert!(may || sightings.is_empty(), "{item:?}");
        }
    }
}
