//! `[digest]`: when the summary goes out, and through which channel.

use super::channel::ChannelPlan;
use super::form;
use super::reader::Reader;
use super::route::is_known;
use super::value::Value;
use crate::digest::Settings;
use jiff::civil::Time;
use toml::de::DeValue;

/// What the rest of the document says, as far as the digest depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'s> {
    /// The channels without mistakes.
    pub(super) plans: &'s [ChannelPlan],
    /// The names of all channels.
    pub(super) names: &'s [String],
    /// The language of the whole document.
    pub(super) language: &'s str,
    /// The zone of the whole document.
    pub(super) zone: &'s str,
}

/// Reads `[digest]`; language and zone fall back to those of the whole document.
pub(super) fn read_digest(root: &mut Reader<'_>, given: Given<'_>) -> Settings {
    let general = Settings { zone: given.zone.to_owned(), language: given.language.to_owned(), ..Settings::default() };
    let Some(mut table) = root.table("digest", "`[digest]`") else { return general };
    let channel = table.text("channel").filter(|text| is_known(text, given.names, "channel")).and_then(|text| {
        let plan = given.plans.iter().find(|plan| plan.name.0 == text.text)?;
        if !plan.is_email() {
            text.reject("sends no mails", "name a channel of kind \"email\"");
        }
        Some(plan.name.clone())
    });
    let at = table.value("at").and_then(read_time);
    let zone = table.text("zone").and_then(|zone| form::zone(&zone));
    let language = read_language(&mut table);
    table.finish();
    Settings {
        channel,
        at: at.unwrap_or(general.at),
        zone: zone.unwrap_or(general.zone),
        language: language.unwrap_or(general.language),
        links: None,
    }
}

/// The `language` that people are written to in.
pub(super) fn read_language(table: &mut Reader<'_>) -> Option<String> {
    table.choice("language", &[("en", "en"), ("de", "de")]).map(str::to_owned)
}

/// A time of day: `"07:30"`, or a time of TOML's own without quotes.
fn read_time(value: Value<'_>) -> Option<Time> {
    let written = match &value.content {
        DeValue::String(text) => text.trim().to_owned(),
        DeValue::Datetime(time) => time.to_string(),
        _ => {
            value.mismatch("a time such as \"07:30\"");
            return None;
        }
    };
    let time = ["%H:%M", "%H:%M:%S"].iter().find_map(|format| Time::strptime(format, &written).ok());
    if time.is_none() {
        value.reject("is no time of day", "write hours and minutes: \"07:30\"");
    }
    time
}
