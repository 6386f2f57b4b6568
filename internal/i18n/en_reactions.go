package i18n

var englishReactions = texts{
	"problem.comment-own":   "This comment is from here: nobody likes or boosts what they wrote themselves.",
	"problem.boost-private": "Only what was said in public can be boosted.",
	"problem.reaction":      "This is neither a like nor a boost: %s",
}
