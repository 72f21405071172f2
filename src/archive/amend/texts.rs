//! Edits of an article, an offer, an announcement or a page, where they are in its own words.

use crate::archive::prose::announcement;
use crate::archive::{Announcement, Article, Assembly, Job, Page, Target};
use crate::content::{self, Body, EventKey, Source};
use crate::problem::At;

impl Assembly {
    /// Takes over a change in the file of one article, offer, announcement or page, where it is in what stands on its page only or is taken from there: a
    /// title, a summary, papers, a place, the text. Else as with [`amend`](Self::amend). What is wrong in the text is not looked for here.
    pub fn amend_text(&mut self, old: &Source, new: &Source) -> Option<()> {
        match (old, new) {
            (Source::Article(old), Source::Article(new)) => self.amend_article(old, new),
            (Source::Job(old), Source::Job(new)) => self.amend_job(old, new),
            (Source::Announcement(old), Source::Announcement(new)) => self.amend_announcement(old, new),
            (Source::Page(_), Source::Page(new)) => self.amend_page(new),
            _ => None,
        }
    }

    fn amend_article(&mut self, old: &content::Article, new: &content::Article) -> Option<()> {
        let same =
            old.date == new.date && is_same(&old.meetup, &new.meetup) && old.presenters == new.presenters && old.tags == new.tags;
        let Target::Article(id) = self.target("hot-topics", &new.body).filter(|_| same)? else { return None };
        let (title, summary, papers, body) = (new.title.clone(), new.summary.clone(), new.papers.clone(), new.body.clone());
        let before = self.archive[id].clone();
        self.archive.articles[id.0] = Article { title, summary, papers, body, ..before };
        Some(())
    }

    fn amend_job(&mut self, old: &content::Job, new: &content::Job) -> Option<()> {
        let same = old.date == new.date && old.expires == new.expires && is_same(&old.meetup, &new.meetup);
        let Target::Job(id) = self.target("jobs", &new.body).filter(|_| same)? else { return None };
        let before = self.archive[id].clone();
        self.archive.jobs[id.0] = Job { offer: new.clone(), ..before };
        Some(())
    }

    fn amend_announcement(&mut self, old: &content::Announcement, new: &content::Announcement) -> Option<()> {
        let same = old.date == new.date
            && is_same(&old.meetup, &new.meetup)
            && old.part_of == new.part_of
            && old.programme == new.programme;
        let Target::Announcement(id) = self.target("events", &new.body).filter(|_| same)? else { return None };
        let Announcement { part_of, parts, event, programme, .. } = self.archive[id].clone();
        self.archive.announcements[id.0] = Announcement { part_of, parts, event, programme, ..announcement(new) };
        Some(())
    }

    fn amend_page(&mut self, new: &content::Page) -> Option<()> {
        let path = format!("/{}/", new.body.stem);
        let Target::Page(id) = self.archive.at(&path).filter(|_| !self.told_of(&new.body.file.name))? else { return None };
        let route = self.archive[id].route.clone();
        let (title, summary, body) = (new.title.clone(), new.summary.clone(), new.body.clone());
        self.archive.pages[id.0] = Page { route, title, summary, body };
        Some(())
    }

    /// What has the page of a text, if nothing is to be told about its file.
    fn target(&self, section: &str, body: &Body) -> Option<Target> {
        self.archive.at(&format!("/{section}/{}/", body.stem)).filter(|_| !self.told_of(&body.file.name))
    }
}

fn is_same(old: &Option<At<EventKey>>, new: &Option<At<EventKey>>) -> bool {
    old.as_ref().map(|key| &key.it) == new.as_ref().map(|key| &key.it)
}
