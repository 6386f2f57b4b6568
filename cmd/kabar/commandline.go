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
	Theme struct {
		Export themeExportCommand `cmd:"" help:"Print how the blog looks, as JSON."`
		Import themeImportCommand `cmd:"" help:"Take a look that was printed."`
	} `cmd:"" help:"Colours, fonts, pictures, navigation and CSS of the blog."`
	Account struct {
		Create   accountCreateCommand   `cmd:"" help:"Make an account for the Studio."`
		Password accountPasswordCommand `cmd:"" help:"Set a password."`
		Profile  accountProfileCommand  `cmd:"" help:"What readers see of an account."`
		Security accountSecurityCommand `cmd:"" help:"How an account is kept safe, and the way back in for who lost their second factor."`
		List     accountListCommand     `cmd:"" help:"List accounts."`
	} `cmd:"" help:"Who may enter the Studio."`
	Article struct {
		Publish articlePublishCommand `cmd:"" help:"Publish a Markdown file."`
		Edit    articleEditCommand    `cmd:"" help:"Replace a published article by a file."`
		Delete  articleDeleteCommand  `cmd:"" help:"Take an article back."`
		List    articleListCommand    `cmd:"" help:"List articles."`
	} `cmd:"" help:"Articles."`
	Search  searchCommand `cmd:"" help:"Find articles, notes, pages and comments by words."`
	Stats   statsCommand  `cmd:"" help:"How often the blog is read."`
	Comment struct {
		List    commentListCommand    `cmd:"" help:"List comments."`
		Reply   commentReplyCommand   `cmd:"" help:"Answer a comment or an article."`
		Hide    commentHideCommand    `cmd:"" help:"Hide comments."`
		Approve commentApproveCommand `cmd:"" help:"Show comments."`
		Spam    commentSpamCommand    `cmd:"" help:"Mark comments as spam."`
		Wait    commentWaitCommand    `cmd:"" help:"Let comments wait for another look."`
		Delete  commentDeleteCommand  `cmd:"" help:"Delete comments: ours for good, others so that it can be undone for 30 days."`
		Undo    commentUndoCommand    `cmd:"" help:"Take a decision back."`
		History commentHistoryCommand `cmd:"" help:"What became of a comment, and why."`
	} `cmd:"" help:"The conversation."`
	Follower struct {
		List   followerListCommand   `cmd:"" help:"List followers."`
		Remove followerRemoveCommand `cmd:"" help:"End a follow."`
	} `cmd:"" help:"Who follows the blog."`
	Newsletter struct {
		List   newsletterListCommand   `cmd:"" help:"List subscribers; with --json, to take them elsewhere."`
		Add    newsletterAddCommand    `cmd:"" help:"Ask an address whether it wants the newsletter."`
		Remove newsletterRemoveCommand `cmd:"" help:"Forget an address."`
		Export newsletterExportCommand `cmd:"" help:"Print the subscribers (CSV)."`
	} `cmd:"" help:"Who gets articles by mail."`
	Block struct {
		Add    blockAddCommand    `cmd:"" help:"Refuse, silence or allow a server or a person; hold words and patterns."`
		Remove blockRemoveCommand `cmd:"" help:"Take a block back."`
		List   blockListCommand   `cmd:"" help:"List blocks."`
		Import blockImportCommand `cmd:"" help:"Take a list of servers (Mastodon's CSV)."`
		Export blockExportCommand `cmd:"" help:"Print the blocked servers (Mastodon's CSV)."`
	} `cmd:"" help:"Who is refused, silenced or trusted."`
	Report struct {
		List    reportListCommand    `cmd:"" help:"List reports."`
		Resolve reportResolveCommand `cmd:"" help:"Close a report."`
		Send    reportSendCommand    `cmd:"" help:"Report a comment to its server."`
	} `cmd:"" help:"Complaints, theirs and ours."`
	Audit struct {
		List   auditListCommand   `cmd:"" help:"Who did what."`
		Verify auditVerifyCommand `cmd:"" help:"Check that no entry was changed or removed."`
	} `cmd:"" help:"The log of what was done."`
	Delivery struct {
		List deliveryListCommand `cmd:"" help:"The ledger: what went where."`
		Try  deliveryTryCommand  `cmd:"" help:"Make waiting deliveries due now."`
	} `cmd:"" help:"What is sent to other servers."`
	Inbound struct {
		List inboundListCommand `cmd:"" help:"What came in and what became of it."`
	} `cmd:"" help:"What other servers sent."`
	Secret struct {
		New   secretNewCommand   `cmd:"" help:"Print a fresh key for KABAR_SECRET_KEY."`
		Renew secretRenewCommand `cmd:"" help:"Give the blog new private keys, when the secret key is lost."`
	} `cmd:"" help:"What private keys are sealed with."`
	Media struct {
		Copy mediaCopyCommand `cmd:"" help:"Copy files that are not there yet, to S3 or back to the folder."`
	} `cmd:"" help:"Pictures and other files."`
	Backup  backupCommand  `cmd:"" help:"Write the database and the media into one file, while Kabar runs."`
	Restore restoreCommand `cmd:"" help:"Bring a backup into an empty data directory."`
	Bench   struct {
		Fill    benchFillCommand    `cmd:"" help:"Fill an empty database with a blog that is made up."`
		Measure benchMeasureCommand `cmd:"" help:"Compare how long everything takes in blogs that were filled."`
	} `cmd:"" help:"See how Kabar does with much; never on a blog that is read."`
	Doctor  doctorCommand  `cmd:"" help:"Check the set-up from outside in."`
	Version versionCommand `cmd:"" help:"Print which Kabar this is."`
}
