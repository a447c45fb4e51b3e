//! What a page says of itself for programs, in the words of schema.org, whichever way it is written down.

/// A thing: an article, a person, a rating.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thing {
    /// Its types without the vocabulary: `BlogPosting`.
    pub types: Vec<String>,
    /// Its `@id` or `itemid`.
    pub id: Option<String>,
    /// What is said of it, in order; a name may occur several times.
    pub properties: Vec<(String, Value)>,
}

/// What is said of a thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, number or address.
    Text(String),
    /// Another thing.
    Thing(Thing),
}

impl Thing {
    /// Whether it is of one of these types.
    pub fn is(&self, types: &[&str]) -> bool {
        self.types.iter().any(|own| types.contains(&own.as_str()))
    }

    /// All values of `name`.
    pub fn values<'t>(&'t self, name: &str) -> impl Iterator<Item = &'t Value> {
        self.properties.iter().filter(move |(own, _)| own == name).map(|(_, value)| value)
    }

    /// The first text of `name` that is not blank; of a thing its name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).find_map(Value::text)
    }

    /// The first text of one of `names`.
    pub fn any_text(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.text(name))
    }

    /// The things of `name`.
    pub fn things<'t>(&'t self, name: &str) -> impl Iterator<Item = &'t Thing> {
        self.values(name).filter_map(|value| match value {
            Value::Thing(thing) => Some(thing),
            Value::Text(_) => None,
        })
    }

    /// Its address, or its id where that is one.
    pub fn address(&self) -> Option<&str> {
        self.any_text(&["url", "mainEntityOfPage"]).or(self.id.as_deref()).filter(|address| !address.is_empty())
    }
}

impl Value {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Self::Thing(thing) => {
                let named = thing.properties.iter().find(|(name, _)| matches!(name.as_str(), "name" | "@value"));
                named.map(|(_, value)| value).or_else(|| thing.values("url").next()).and_then(|value| match value {
                    Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
                    Self::Thing(_) => None,
                })
            }
        }
    }
}

/// The last part of a type's address: `https://schema.org/Review` is `Review`.
pub fn short_name(name: &str) -> &str {
    let name = name.trim().trim_end_matches('/');
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}
