//! Topic aliases in both directions; they live as long as a connection (section 3.3.2.3.4).

use std::collections::BTreeMap;

/// The aliases that the client set.
#[derive(Clone, Debug, Default)]
pub(super) struct AliasesIn {
    topics: BTreeMap<u16, String>,
}

/// The aliases that the broker set.
#[derive(Debug, Default)]
pub(super) struct AliasesOut {
    numbers: BTreeMap<String, u16>,
    maximum: u16,
}

/// How a topic goes to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TopicForm {
    /// The topic alone.
    Name,
    /// The topic, and the alias that it has from now on.
    NameAndAlias(u16),
    /// The alias alone.
    Alias(u16),
}

impl AliasesIn {
    pub(super) fn set(&mut self, alias: u16, topic: &str) {
        self.topics.insert(alias, topic.to_owned());
    }

    pub(super) fn topic(&self, alias: u16) -> Option<&str> {
        self.topics.get(&alias).map(String::as_str)
    }
}

impl AliasesOut {
    pub(super) const fn new(maximum: u16) -> Self {
        Self {
            numbers: BTreeMap::new(),
            maximum: if maximum < ALIASES_MAX {
                maximum
            } else {
                ALIASES_MAX
            },
        }
    }

    /// The form for a topic; aliases are given out in order until there are no more.
    pub(super) fn form(&mut self, topic: &str) -> TopicForm {
        if let Some(number) = self.numbers.get(topic) {
            return TopicForm::Alias(*number);
        }
        let Ok(count) = u16::try_from(self.numbers.len()) else {
            return TopicForm::Name;
        };
        if count >= self.maximum {
            return TopicForm::Name;
        }
        let number = count + 1;
        self.numbers.insert(topic.to_owned(), number);
        TopicForm::NameAndAlias(number)
    }

    /// Takes back an alias that the client was not told of after all.
    pub(super) fn forget(&mut self, topic: &str) {
        self.numbers.remove(topic);
    }
}

/// How many topics are remembered for one client, however many it would take.
const ALIASES_MAX: u16 = 64;
