//! `[digest]`: when the summary goes out, and through which channel.

use super::channel::ChannelPlan;
use super::form;
use super::reader::Reader;
use super::route::is_known;
use super::value::Value;
use crate::digest::Settings;
use crate::model::ChannelName;
use jiff::civil::Time;
use toml::de::DeValue;

/// Reads `[digest]`; language and zone fall back to those of the whole document.
pub(super) fn read_digest(root: &mut Reader<'_>, channels: &[ChannelPlan], language: &str, zone: &str) -> Settings {
    let general = Settings { zone: zone.to_owned(), language: language.to_owned(), ..Settings::default() };
    let Some(mut table) = root.table("digest", "`[digest]`") else { return general };
    let channel = table.text("channel").and_then(|text| {
        let names: Vec<&str> = channels.iter().map(|channel| channel.name.0.as_str()).collect();
        let channel = channels.iter().find(|channel| channel.name.0 == text.text);
        if is_known(&text, &names, "channel") && !channel.is_some_and(ChannelPlan::is_email) {
            text.reject("sends no mails", "name a channel of kind \"email\"");
            return None;
        }
        Some(ChannelName(channel?.name.0.clone()))
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
