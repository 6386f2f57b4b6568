package i18n

var englishReactions = texts{
	"problem.comment-own":   "This comment is from here: nobody likes or boosts what they wrote themselves.",
	"problem.boost-private": "Only what was said in public can be boosted.",
	"problem.reaction":      "This is neither a like nor a boost: %s",
	"reason.quote-waiting":  "It quotes a text of yours, and nobody allowed that yet.",
	"reason.quote-rejected": "Its quote was not allowed.",
	"reason.quote-revoked":  "Its quote is not allowed any more.",
	"reason.quote-dropped":  "Its author took the quote out of it.",
}
