package main

import "kabar/internal/config"

// commandLine is what kong reads.
type commandLine struct {
	config.Config
	JSON bool `name:"json" help:"Print one JSON document."`

	Serve serveCommand `cmd:"" help:"Migrate, serve and work."`
	Demo  demoCommand  `cmd:"" help:"Show the main job with remote servers on this machine."`

	Settings struct {
		Get settingsGetCommand `cmd:"" help:"Print settings."`
		Set settingsSetCommand `cmd:"" help:"Change settings: NAME=VALUE …"`
	} `cmd:"" help:"Title, handle, language and the rest."`
	Account struct {
		Create   accountCreateCommand   `cmd:"" help:"Make an account for the Studio."`
		Password accountPasswordCommand `cmd:"" help:"Set a password."`
		List     accountListCommand     `cmd:"" help:"List accounts."`
	} `cmd:"" help:"Who may enter the Studio."`
	Article struct {
		Publish articlePublishCommand `cmd:"" help:"Publish a Markdown file."`
		Edit    articleEditCommand    `cmd:"" help:"Replace a published article by a file."`
		Delete  articleDeleteCommand  `cmd:"" help:"Take an article back."`
		List    articleListCommand    `cmd:"" help:"List articles."`
	} `cmd:"" help:"Articles."`
	Comment struct {
		List    commentListCommand    `cmd:"" help:"List comments."`
		Reply   commentReplyCommand   `cmd:"" help:"Answer a comment or an article."`
		Hide    commentHideCommand    `cmd:"" help:"Hide a comment."`
		Approve commentApproveCommand `cmd:"" help:"Show a comment."`
		Delete  commentDeleteCommand  `cmd:"" help:"Take an answer of ours back."`
	} `cmd:"" help:"The conversation."`
	Follower struct {
		List   followerListCommand   `cmd:"" help:"List followers."`
		Remove followerRemoveCommand `cmd:"" help:"End a follow."`
	} `cmd:"" help:"Who follows the blog."`
	Block struct {
		Add    blockAddCommand    `cmd:"" help:"Refuse a server or a person."`
		Remove blockRemoveCommand `cmd:"" help:"Take a block back."`
		List   blockListCommand   `cmd:"" help:"List blocks."`
	} `cmd:"" help:"Who is refused."`
	Delivery struct {
		List deliveryListCommand `cmd:"" help:"The ledger: what went where."`
		Try  deliveryTryCommand  `cmd:"" help:"Make waiting deliveries due now."`
	} `cmd:"" help:"What is sent to other servers."`
	Inbound struct {
		List inboundListCommand `cmd:"" help:"What came in and what became of it."`
	} `cmd:"" help:"What other servers sent."`
	Doctor doctorCommand `cmd:"" help:"Check the set-up from outside in."`
}
