//! Where the configuration lies.

use std::path::{Path, PathBuf};

/// The document that makes a folder a configuration.
pub const SOURCES_FILE: &str = "sources.toml";

/// The document that may be absent.
pub const SETTINGS_FILE: &str = "porterhouse.toml";

/// Where configurations may lie, as the environment says.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'p> {
    /// The current folder.
    pub current: &'p Path,
    /// `$XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<&'p Path>,
    /// `$HOME`.
    pub home: Option<&'p Path>,
    /// The machine's own, usually `/etc`.
    pub system: &'p Path,
}

/// The folder of the configuration: `explicit`, else the first of this folder, the user's and the machine's that
/// holds `sources.toml`, else this folder.
#[must_use]
pub fn folder(explicit: Option<&Path>, around: &Surroundings<'_>) -> PathBuf {
    if let Some(explicit) = explicit {
        return explicit.to_owned();
    }
    // The XDG rules say that a relative path there is invalid and to be ignored.
    let xdg = around.xdg_config_home.filter(|path| path.is_absolute()).map(Path::to_owned);
    let user = xdg.or_else(|| around.home.map(|home| home.join(".config")));
    let candidates = [
        Some(around.current.to_owned()),
        user.map(|user| user.join("porterhouse")),
        Some(around.system.join("porterhouse")),
    ];
    let found = candidates.into_iter().flatten().find(|folder| folder.join(SOURCES_FILE).is_file());
    found.unwrap_or_else(|| around.current.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_folder_with_sources_is_taken() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        let (here, xdg, home, system) = (path("here"), path("xdg"), path("home"), path("etc"));
        let around = Surroundings { current: &here, xdg_config_home: Some(&xdg), home: Some(&home), system: &system };
        let without_xdg = Surroundings { xdg_config_home: None, ..around };
        let relative_xdg = Surroundings { xdg_config_home: Some(Path::new("xdg")), ..around };
        let put = |folder: PathBuf| {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(SOURCES_FILE), "").unwrap();
        };
        assert_eq!(folder(None, &around), here);
        put(system.join("porterhouse"));
        assert_eq!(folder(None, &around), system.join("porterhouse"));
        put(home.join(".config/porterhouse"));
        assert_eq!(folder(None, &without_xdg), home.join(".config/porterhouse"));
        assert_eq!(folder(None, &relative_xdg), home.join(".config/porterhouse"));
        put(xdg.join("porterhouse"));
        assert_eq!(folder(None, &around), xdg.join("porterhouse"));
        put(here.clone());
        assert_eq!(folder(None, &around), here);
        assert_eq!(folder(Some(&path("named")), &around), path("named"));
    }
}
