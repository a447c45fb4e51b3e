//! What a service calls an item besides.

use super::*;
use crate::store::Called;

fn deletion(id: &str) -> Reading {
    Reading { departures: vec![Departure::told(key(id))], ..reading(minute(5), Vec::new()) }
}

#[tokio::test]
async fn an_item_is_deleted_by_what_the_service_calls_it() {
    let room = room();
    let mut item = kept("1", "mortons", minute(0));
    item.item.aliases = vec!["a/1".to_owned()];
    let namespace = item.item.key.namespace.clone();
    room.store.commit(reading(minute(1), vec![item])).await.expect("committed");
    room.store.call(vec![
        Called { key: key("1"), aliases: vec!["b/7".to_owned(), "a/1".to_owned()] },
        Called { key: key("unknown"), aliases: vec!["c/1".to_owned()] },
    ]);
    room.store.commit(deletion("c/1")).await.expect("committed");
    assert_eq!(room.store.kept_in(namespace.clone()).await.expect("read").len(), 3, "the item and two names");
    room.store.commit(deletion("b/7")).await.expect("committed");
    assert_eq!(room.store.kept_in(namespace).await.expect("read"), Vec::<u64>::new());
}
