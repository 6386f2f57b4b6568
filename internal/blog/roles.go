package blog

import "github.com/google/uuid"

// Action is something that an account may or may not do in the Studio.
type Action string

// The actions.
const (
	WriteArticle     Action = "write-article"  // see it in the Studio, save, publish, edit and delete it
	WriteReply       Action = "write-reply"    // answer a comment
	ChangeReply      Action = "change-reply"   // edit or delete an answer of ours
	ModerateComments Action = "moderate"       // the verdict on a comment, and to see those not meant for all
	SeeFollowers     Action = "see-followers"  // the list, and to remove somebody
	BlockOthers      Action = "block"          // people and servers
	SeeDeliveries    Action = "see-deliveries" // the ledger, and to try again now
	ChangeSite       Action = "change-site"    // the blog's settings
	SendNewsletter   Action = "newsletter"     // its settings, and the addresses of its subscribers
)

// reach is how far a role goes with an action.
type reach int

const (
	never reach = iota
	own         // what the account made itself, or makes now
	all
)

// roles is the one place that says who may do what.
var roles = map[Role]map[Action]reach{
	Owner: {
		WriteArticle: all, WriteReply: all, ChangeReply: all, ModerateComments: all,
		SeeFollowers: all, BlockOthers: all, SeeDeliveries: all, ChangeSite: all, SendNewsletter: all,
	},
	Editor: {
		WriteArticle: all, WriteReply: all, ChangeReply: all, ModerateComments: all,
		SeeFollowers: all, SeeDeliveries: all, SendNewsletter: all, // an editor looks after what was published
	},
	Author: {
		WriteArticle: own, WriteReply: all, ChangeReply: own,
	},
	Moderator: {
		WriteReply: all, ChangeReply: own, ModerateComments: all, SeeFollowers: all, BlockOthers: all,
	},
}

// May reports whether the account may do something with what maker made;
// uuid.Nil = nobody of ours, as what comes from the command line.
func (a Account) May(do Action, maker uuid.UUID) bool {
	switch roles[a.Role][do] {
	case all:
		return true
	case own:
		return a.ID != uuid.Nil && a.ID == maker
	}
	return false
}

// MayOwn reports whether the account may do it at least with what is its own.
func (a Account) MayOwn(do Action) bool { return a.May(do, a.ID) }

// MayAll reports whether it may do it with everything.
func (a Account) MayAll(do Action) bool { return roles[a.Role][do] == all }
