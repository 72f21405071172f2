// One address of each kind of page, and those whose content is unusual.
export const pages = [
  "/",
  "/meetups/",
  "/meetups/29/", // everything an event can have
  "/meetups/ai/", // a code instead of a number
  "/meetups/wa/", // several days, no talks
  "/meetups/39/", // no date
  "/meetups/42/", // hybrid
  "/meetups/18/", // a panel with a moderator
  "/meetups/67/", // a cancelled talk
  "/talks/",
  "/talks/?q=schluter&sort=title",
  "/talks/deep-learning-for-recommender-systems/",
  "/people/",
  "/people/jan-schluter/",
  "/venues/",
  "/venues/a1-telekom-austria/",
  "/topics/",
  "/topics/reinforcement-learning/",
  "/hot-topics/",
  "/hot-topics/radam/",
  "/hot-topics/lookahead/",
  "/hot-topics/ranger/",
  "/jobs/",
  "/jobs/humai/",
  "/jobs/austrian-airlines-data-engineer/",
  "/events/",
  "/events/brainstorms-festival/",
  "/events/ready2build/",
  "/lab/",
  "/about/",
  "/contribute/",
  "/search/",
  "/search/?q=schluter+network", // all kinds, excerpts
  "/search/?q=lokahead&kind=hot-topics", // a slip, one kind
  "/search/?q=xylophonist", // nothing
  "/nowhere/",
];
