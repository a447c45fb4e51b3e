//! Where the configuration and the data lie, as the command line and the environment say.

use crate::config::{self, Config, Surroundings};
use std::path::{Path, PathBuf};

/// The folders named on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folders {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--data`.
    pub data: Option<PathBuf>,
    /// `--strict`: what is odd in the configuration is taken for a mistake.
    pub is_strict: bool,
}

/// Nothing says where the data are to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no data folder: $HOME is not set; name one with `--data DIR` or `data` in porterhouse.toml")]
pub struct NoDataFolder;

impl Folders {
    /// The folder of the configuration: `--config`, else this folder, the user's, the machine's.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let (xdg, home) = (path_from("XDG_CONFIG_HOME"), path_from("HOME"));
        let around = Surroundings {
            current: &current,
            xdg_config_home: xdg.as_deref(),
            home: home.as_deref(),
            system: Path::new("/etc"),
        };
        config::folder(self.config.as_deref(), &around)
    }

    /// The data folder: `--data`, else `data` of the configuration, `$STATE_DIRECTORY`, the XDG data folder.
    ///
    /// # Errors
    /// [`NoDataFolder`] where none of these is there.
    pub fn data(&self, config: Option<&Config>) -> Result<PathBuf, NoDataFolder> {
        let named = self.data.clone().or_else(|| config.and_then(|config| config.data.clone()));
        // systemd gives a list parted by colons; the first is ours.
        let state = path_from("STATE_DIRECTORY");
        let state = state.map(|list| list.to_string_lossy().split(':').next().map(PathBuf::from).unwrap_or_default());
        let xdg = path_from("XDG_DATA_HOME").filter(|path| path.is_absolute());
        let home = path_from("HOME").map(|home| home.join(".local/share"));
        let own = xdg.or(home).map(|folder| folder.join("porterhouse"));
        named.or(state).or(own).ok_or(NoDataFolder)
    }
}

fn path_from(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
