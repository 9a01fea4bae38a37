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
    /// Whether an alias goes to another topic when there are no more, and which one is the next.
    moved: Option<u16>,
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
            moved: None,
        }
    }

    /// The same, but that an alias is given to another topic when there are no more.
    pub(super) const fn moving(mut self) -> Self {
        self.moved = Some(1);
        self
    }

    /// The form for a topic; aliases are given out in order until there are no more.
    pub(super) fn form(&mut self, topic: &str) -> TopicForm {
        if let Some(number) = self.numbers.get(topic) {
            return TopicForm::Alias(*number);
        }
        let is_free = |number: &u16| !self.numbers.values().any(|it| it == number);
        let number = match (1..=self.maximum).find(is_free) {
            Some(free) => free,
            None => match self.moved {
                Some(next) if self.maximum > 0 => {
                    self.moved = Some(next % self.maximum + 1);
                    self.numbers.retain(|_, it| *it != next);
                    next
                }
                Some(_) | None => return TopicForm::Name,
            },
        };
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
