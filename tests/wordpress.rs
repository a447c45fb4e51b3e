//! From a WordPress site to what is known of it: nothing lost, nothing twice, whatever happens in between.

use crate::support::{Blog, TestHouse};
use jiff::{SignedDuration, Timestamp};
use porterhouse::model::{SourceHealth, SourceState};

/// A house that reads a blog of so many comments, one a minute up to now, under one post.
async fn house_with(n_comments: u32) -> (TestHouse, Blog) {
    let (house, blog) = (TestHouse::new().await, Blog::start().await);
    let url = blog.url("/");
    house.append("sources.toml", &format!("\n[[source]]\nid = \"blog\"\nengine = \"wordpress\"\nurl = \"{url}\"\n"));
    blog.world().posts.push((1, minutes_ago(&house, 300), "About Morton's".to_owned()));
    comment(&house, &blog, 1..n_comments + 1);
    (house, blog)
}

fn minutes_ago(house: &TestHouse, minutes: u32) -> Timestamp {
    house.clock() - SignedDuration::from_mins(i64::from(minutes))
}

/// Writes comments with these numbers, the last one now.
fn comment(house: &TestHouse, blog: &Blog, ids: std::ops::Range<u32>) {
    let end = ids.end;
    let written = ids.map(|id| (id, minutes_ago(house, (end - 1 - id) / 10), format!("Words number {id}")));
    blog.world().comments.extend(written.collect::<Vec<_>>());
}

/// One reading of everything; how many items were new.
async fn n_new(house: &TestHouse) -> u64 {
    house.crawl().await.tally.committed.new_items
}

async fn state(house: &TestHouse) -> SourceState {
    let open = house.open();
    let state = open.parts.store.source_states().await.expect("states").remove(0);
    open.parts.store.close().await;
    state
}

fn pages_asked(blog: &Blog) -> usize {
    let is_comments = |path: &&String| path.starts_with("/wp-json/wp/v2/comments");
    blog.world().asked.iter().filter(is_comments).count()
}

#[tokio::test]
async fn a_blog_is_read_by_its_interface_and_what_is_new_comes_once() {
    let (house, blog) = house_with(150).await;
    assert_eq!(n_new(&house).await, 1 + 100, "the post, and the newest hundred comments");
    assert_eq!(state(&house).await.health, SourceHealth::Fresh);
    assert_eq!(n_new(&house).await, 0, "the older ones stay unread");
    house.advance_minutes(600);
    comment(&house, &blog, 151..171);
    // It waited for approval, and keeps the date at which it was written.
    let late = minutes_ago(&house, 601);
    blog.world().comments.push((500, late, "Morton's was late".to_owned()));
    assert_eq!(n_new(&house).await, 21);
    assert_eq!(n_new(&house).await, 0);
    let asked = &blog.world().asked;
    assert_eq!(asked.iter().filter(|path| *path == "/").count(), 1, "{asked:#?}");
}

#[tokio::test]
async fn a_reading_that_is_cut_off_after_its_first_page_is_finished_by_the_next() {
    let (house, blog) = house_with(10).await;
    n_new(&house).await;
    house.advance_minutes(60);
    comment(&house, &blog, 11..261);
    blog.world().comment_pages_left = Some(1);
    let first = n_new(&house).await;
    let cut = state(&house).await;
    assert!((80..=100).contains(&first), "{first}");
    assert_eq!(cut.health, SourceHealth::Down);
    blog.world().comment_pages_left = None;
    house.advance_minutes(15);
    assert_eq!(first + n_new(&house).await, 250, "no loss and no doubles");
    assert_eq!(state(&house).await.health, SourceHealth::Fresh);
    house.advance_minutes(15);
    assert_eq!(n_new(&house).await, 0);
}

#[tokio::test]
async fn what_is_written_and_deleted_while_it_is_paged_moves_nothing_past_us() {
    let (house, blog) = house_with(10).await;
    n_new(&house).await;
    house.advance_minutes(60);
    comment(&house, &blog, 11..261);
    blog.world().is_moving = Some(house.clock());
    let before = pages_asked(&blog);
    let n_read = n_new(&house).await;
    let n_pages = pages_asked(&blog) - before;
    assert!(n_pages >= 3);
    blog.world().is_moving = None;
    house.advance_minutes(15);
    let n_written = u64::try_from(n_pages).expect("a few");
    assert_eq!(n_read + n_new(&house).await, 250 + n_written);
}

#[tokio::test]
async fn more_than_one_reading_asks_for_is_said_and_read_by_the_next() {
    let (house, blog) = house_with(10).await;
    n_new(&house).await;
    house.advance_minutes(600);
    comment(&house, &blog, 11..1211);
    let first = n_new(&house).await;
    let message = state(&house).await.message;
    assert!((700..=800).contains(&first), "{first}");
    assert!(message.contains("more than 800 entries since the last reading"), "{message}");
    house.advance_minutes(15);
    assert_eq!(first + n_new(&house).await, 1200);
    assert_eq!(state(&house).await.message, "");
}

#[tokio::test]
async fn a_closed_interface_is_read_by_its_feeds_and_nothing_comes_twice_when_it_opens() {
    for status in [401, 403, 404, 410] {
        let (house, blog) = house_with(8).await;
        blog.world().closed = Some(status);
        assert_eq!(n_new(&house).await, 1 + 8, "{status}");
        assert_eq!(state(&house).await.health, SourceHealth::Fresh);
        blog.world().asked.clear();
        house.advance_minutes(30);
        comment(&house, &blog, 9..11);
        assert_eq!(n_new(&house).await, 2);
        assert_eq!(blog.world().asked, ["/feed/", "/comments/feed/"], "the interface is left alone");
        blog.world().closed = None;
        house.advance_minutes(8 * 24 * 60);
        comment(&house, &blog, 11..13);
        assert_eq!(n_new(&house).await, 2, "the ids are the same either way");
        assert!(pages_asked(&blog) > 0);
    }
}
