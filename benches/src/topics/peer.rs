//! The trees of rmqtt and mqtt-topic-engine.

use mqtt_topic_engine::{CacheStrategy, QoS, TopicPath, TopicPatternPath, TopicRouter};
use rmqtt::trie::TopicTree;
use rmqtt::types::Topic;

use super::Tree;

/// rmqtt's tree.
#[derive(Debug)]
pub struct Rmqtt(TopicTree<u32>);

impl Tree for Rmqtt {
    const NAME: &'static str = "rmqtt";

    fn of(filters: &[String]) -> Self {
        let mut tree = TopicTree::default();
        for (text, number) in filters.iter().zip(0..) {
            if let Ok(filter) = text.parse::<Topic>() {
                tree.insert(&filter, number);
            }
        }
        Self(tree)
    }

    fn count_matches(&self, topic: &str) -> usize {
        let Ok(topic) = topic.parse::<Topic>() else {
            return 0;
        };
        let matches = self.0.matches(&topic);
        matches.iter().map(|(_, values)| values.len()).sum()
    }
}

/// mqtt-topic-engine's router.
#[expect(missing_debug_implementations, reason = "the router has none")]
pub struct TopicEngine(TopicRouter<u32>);

impl Tree for TopicEngine {
    const NAME: &'static str = "mqtt-topic-engine";

    fn of(filters: &[String]) -> Self {
        let mut router = TopicRouter::new();
        for (text, number) in filters.iter().zip(0..) {
            let pattern = TopicPatternPath::new_from_string(text.as_str(), CacheStrategy::NoCache);
            if let Ok(pattern) = pattern {
                router.add_subscription(pattern, QoS::AtLeastOnce, number);
            }
        }
        Self(router)
    }

    fn count_matches(&self, topic: &str) -> usize {
        TopicPath::new(topic).map_or(0, |topic| self.0.get_subscribers(&topic).len())
    }
}
