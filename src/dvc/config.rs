//! [`DvcConfig`]: `.dvc/config`.

/// What `.dvc/config` says that matters here.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct DvcConfig {
    /// How outs come from the cache.
    pub(crate) links: Vec<String>,
    /// Each remote: name and address.
    pub(crate) remotes: Vec<(String, String)>,
    /// The folder of the cache, where it is not the usual one.
    pub(crate) cache_dir: Option<String>,
}

impl DvcConfig {
    /// Reads its text: sections of `name = value` lines.
    pub(crate) fn parse(text: &str) -> Self {
        let mut config = Self::default();
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                section = name.trim_matches('\'').replace('"', "");
                continue;
            }
            let Some((name, value)) = line.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"').to_owned();
            match (section.as_str(), name.trim()) {
                ("cache", "type") => {
                    let links = value.split(',').map(|link| link.trim().to_owned());
                    config.links = links.filter(|link| !link.is_empty()).collect();
                }
                ("cache", "dir") => config.cache_dir = Some(value),
                (section, "url") => {
                    if let Some(remote) = section.strip_prefix("remote ") {
                        config.remotes.push((remote.to_owned(), value));
                    }
                }
                _ => {}
            }
        }
        config
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_and_the_cache_are_read() {
        let text = "[core]\n    remote = a\n['remote \"a\"']\n    url = s3://b/c\n[cache]\n    \
                    dir = /data\n    type = \"reflink,symlink\"\n";
        let config = DvcConfig::parse(text);
        assert_eq!(config.links, ["reflink", "symlink"]);
        assert_eq!(config.remotes, [("a".to_owned(), "s3://b/c".to_owned())]);
        assert_eq!(config.cache_dir.as_deref(), Some("/data"));
    }
}
