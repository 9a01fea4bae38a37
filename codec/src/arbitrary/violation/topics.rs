//! How the rules of topics, filters and subscriptions are broken.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each function has the rows of some violations and some packets"
)]

use super::super::{new, text};
use super::Violation;
use super::breaker::Breaker;
use crate::notation::Value;
use crate::packet::PacketType;
use crate::statement::StatementId;

impl Breaker<'_, '_> {
    pub(super) fn topic(&mut self, violation: Violation) -> Option<StatementId> {
        if !matches!(
            violation,
            Violation::EmptyTopic | Violation::WildcardInTopic
        ) {
            return None;
        }
        let is_publish = self.draft.packet_type == PacketType::Publish;
        let name = if is_publish { "topic" } else { "will-topic" };
        let field = self
            .draft
            .fields
            .iter_mut()
            .find(|field| field.name == name)?;
        if violation == Violation::WildcardInTopic {
            field.value = text("a/+");
            return if is_publish {
                self.by("v3-3.3.2-2", "v5-3.3.2-2")
            } else {
                self.by("v3-4.7.1-1", "v5-4.7.0-1")
            };
        }
        field.value = text("");
        let fields = &mut self.draft.fields;
        fields.retain(|field| field.name != "topic-alias");
        if is_publish {
            self.by("v3-4.7.3-1", "u5-07")
        } else {
            self.by("v3-4.7.3-1", "v5-4.7.3-1")
        }
    }

    pub(super) fn filter(&mut self, violation: Violation) -> Option<StatementId> {
        let is_subscribe = self.draft.packet_type == PacketType::Subscribe;
        let statement = match violation {
            Violation::MultiLevelWildcard => self.by("v3-4.7.1-2", "v5-4.7.1-1"),
            Violation::SingleLevelWildcard => self.by("v3-4.7.1-3", "v5-4.7.1-2"),
            Violation::EmptyShareName => self.by("", "v5-4.8.2-1"),
            Violation::NoReasons => return self.no_reasons(),
            Violation::NoFilters if is_subscribe => self.by("v3-3.8.3-3", "v5-3.8.3-2"),
            Violation::NoFilters => self.by("v3-3.10.3-2", "v5-3.10.3-2"),
            Violation::ReservedSubscriptionOptions => self.by("v3-3.8.3-4", "v5-3.8.3-5"),
            Violation::SubscriptionQosThree => self.by("v3-3.8.3-4", "u5-09"),
            Violation::RetainHandlingThree => self.by("", "u5-09"),
            Violation::NoLocalOnSharedSubscription => self.by("", "v5-3.8.3-4"),
            _ => return None,
        };
        let fields = &mut self.draft.fields;
        let first = fields.iter().position(|field| field.name == "filter")?;
        let mut set = |name: &str, value: Value| {
            let mut behind = fields.iter_mut().skip(first);
            let field = behind.find(|field| field.name == name);
            field.map(|field| field.value = value)
        };
        match violation {
            Violation::MultiLevelWildcard => set("filter", text("a/#/b"))?,
            Violation::SingleLevelWildcard => set("filter", text("a+"))?,
            Violation::EmptyShareName => set("filter", text("$share//a"))?,
            Violation::NoFilters => fields.truncate(first),
            // What an UNSUBSCRIBE cannot have is refused when it is written.
            Violation::ReservedSubscriptionOptions => {
                let options = new("options", Value::Number(0x80));
                fields.insert(first + 1, options);
            }
            Violation::SubscriptionQosThree => set("qos", Value::Number(3))?,
            Violation::RetainHandlingThree => set("retain-handling", Value::Number(3))?,
            _ => {
                set("filter", text("$share/g/a"))?;
                set("no-local", Value::Flag(true))?;
            }
        }
        statement
    }
}
