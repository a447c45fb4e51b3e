//! The use cases that people and programs ask for.

mod analyze;
mod corrections;
mod evaluate;
mod opml;
mod playbooks;
mod presets;
mod read;
mod site;
mod surrogates;

pub use crate::playbook::Play;
pub use analyze::{LINE_LIMIT_BYTES, Lens, Looked, as_json, look_at_lines, look_at_text};
pub use corrections::labelled_posts;
pub use evaluate::{
    Band, Blamed, Changed, Class, Compared, Evaluation, Figures, Gauge, Miss, Only, Options, Report, compare, evaluate,
    speed,
};
pub use opml::{Added, Imported, OPML_LIMIT_BYTES, OPML_LIMIT_OUTLINES, Unreadable, export_opml, import_opml};
pub use playbooks::{ideas, play_as_json, playbook_languages, playbook_text, plays};
pub use presets::{preset_as_json, preset_block, preset_page};
pub use read::{ReadFileError, Saved, Service, read_file, read_saved};
pub use site::{Nearness, WrongAddress, sources_near, web_address};
