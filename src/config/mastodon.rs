//! What a `[[source]]` of the engine `mastodon` asks, and whom.

use super::form;
use super::reader::Reader;
use super::secret::read_reference;
use super::value::Text;
use crate::model::{MastodonListen, MastodonServer, MastodonSpec};

/// Tags that one question may hold beside the first; servers ignore what is above.
const BESIDE_MOST: usize = 3;

/// Servers of one source: with more, a reading would have no room for a second page of any.
const SERVERS_MOST: usize = 10;

const LISTEN: [(&str, MastodonListen); 3] =
    [("socket", MastodonListen::Socket), ("events", MastodonListen::Events), ("never", MastodonListen::Never)];

/// Reads the keys of a source of this engine; `None` where a mistake leaves nothing to ask.
pub(super) fn read(table: &mut Reader<'_>) -> Option<MastodonSpec> {
    let urls = read_servers(table);
    let tags = read_tags(table, "tags", usize::MAX);
    let any = read_tags(table, "any", BESIDE_MOST);
    let all = read_tags(table, "all", BESIDE_MOST - any.len());
    let none = read_tags(table, "none", BESIDE_MOST - any.len() - all.len());
    let has_search = table.has("search");
    let search: Vec<String> = table.texts("search").into_iter().map(|words| words.text).collect();
    let has_token = table.has("token");
    let token = read_reference(table, "token");
    let member_of = table.text("member_of");
    let listen = table.choice("listen", &LISTEN);
    let (unlisted, respect) = (table.flag("unlisted"), table.flag("respect"));
    let urls = urls?;
    if tags.is_empty() && search.is_empty() && !has_search {
        table.missing("tags", "write `tags = [\"porterhouse\"]`: the hashtags to read");
        return None;
    }
    if !has_token && has_search {
        table.missing("token", "write `token = { env = \"NAME\" }`, or remove `search`: only members may search posts");
        return None;
    }
    let home = home(table, &urls, (has_token, member_of));
    let server = |url: String| MastodonServer { token: token.clone().filter(|_| home.as_ref() == Some(&url)), url };
    Some(MastodonSpec {
        servers: urls.into_iter().map(server).collect(),
        tags,
        any,
        all,
        none,
        search,
        unlisted: unlisted.unwrap_or(false),
        respect: respect.unwrap_or(true),
        listen: listen.unwrap_or_default(),
    })
}

/// The addresses of the servers, each once; `url` stands for a list of one.
fn read_servers(table: &mut Reader<'_>) -> Option<Vec<String>> {
    let (url, is_list) = (table.text("url"), table.has("servers"));
    let listed = table.texts("servers");
    let written: Vec<Text<'_>> = match url {
        Some(url) if is_list => {
            url.reject("stands beside `servers`", "write all of them in `servers`, and remove `url`");
            return None;
        }
        Some(url) => vec![url],
        None if listed.is_empty() => {
            table.missing("servers", "write `servers = [\"https://mastodon.social\"]`");
            return None;
        }
        None => listed,
    };
    if let Some(beyond) = written.get(SERVERS_MOST) {
        beyond.reject("is one too many", &format!("write at most {SERVERS_MOST} servers, or a second source"));
        return None;
    }
    let mut urls: Vec<String> = Vec::new();
    for text in &written {
        let url = server(text)?;
        if urls.contains(&url) {
            text.warn("stands there twice", "remove one of the two");
        } else {
            urls.push(url);
        }
    }
    Some(urls)
}

/// The address of a server: `https://host`, also without the scheme.
fn server(text: &Text<'_>) -> Option<String> {
    let mut whole = text.clone();
    whole.text = if text.text.contains("://") { text.text.clone() } else { format!("https://{}", text.text) };
    let url = form::address(&whole)?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        let host = url.host_str().unwrap_or("mastodon.social");
        text.reject("is no address of a server", &format!("write \"https://{host}\"; what to read stands in `tags`"));
        return None;
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

/// Hashtags in lower case, with or without their `#`; what is above `most` is refused.
fn read_tags(table: &mut Reader<'_>, key: &'static str, most: usize) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for text in table.texts(key) {
        let tag = text.text.trim_start_matches(['#', '\u{ff03}']).to_lowercase();
        let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '\u{b7}' | '\u{200c}');
        if tag.is_empty() || !tag.chars().all(is_word) {
            text.reject("is no hashtag", "write one word of letters, digits and `_`: \"porterhouse\"");
        } else if tags.len() >= most {
            text.reject("is one too many", "servers take three in `any`, `all` and `none` together");
        } else if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// The server that the token is of; it is sent to no other.
fn home(table: &Reader<'_>, urls: &[String], (has_token, member_of): (bool, Option<Text<'_>>)) -> Option<String> {
    match (has_token, member_of, urls) {
        (false, None, _) => None,
        (false, Some(named), _) => {
            named.reject("stands there without `token`", "write `token = { env = \"NAME\" }`, or remove it");
            None
        }
        (true, None, [only]) => Some(only.clone()),
        (true, None, _) => {
            let first = urls.first().map_or("https://mastodon.social", String::as_str);
            table.missing("member_of", &format!("write `member_of = \"{first}\"`: the one server that `token` is of"));
            None
        }
        (true, Some(named), _) => {
            let url = server(&named)?;
            if !urls.contains(&url) {
                named.reject("is none of `servers`", "write the one that `token` is of as it stands there");
            }
            Some(url)
        }
    }
}
