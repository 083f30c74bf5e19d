// Package compat drives a server (ANSER_URL; see tests/with-server) with the Go client of the v4 protocol, unmodified.
package compat

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"
)

const password = "Wherefore-1597"

var ctx = context.Background()

type person struct {
	*model.Client4
	me *model.User
}

type world struct {
	admin, romeo, juliet person
	team                 *model.Team
	channel              *model.Channel
}

func url() string { return os.Getenv("ANSER_URL") }

func must[T any](t *testing.T) func(value T, _ *model.Response, err error) T {
	return func(value T, _ *model.Response, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func ok(t *testing.T) func(_ *model.Response, err error) {
	return func(_ *model.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func check(t *testing.T, holds bool, what string, values ...any) {
	t.Helper()
	if !holds {
		t.Fatalf(what, values...)
	}
}

func signUp(t *testing.T, name string) person {
	t.Helper()
	client := model.NewAPIv4Client(url())
	must[*model.User](t)(client.CreateUser(ctx, &model.User{Email: name + "@verona.example", Username: name, Password: password}))
	return person{client, must[*model.User](t)(client.Login(ctx, name, password))}
}

// A socket with its events; expect takes the first that fits.
type ear struct {
	*model.WebSocketClient
	heard []*model.WebSocketEvent
}

func listen(t *testing.T, p person) *ear {
	t.Helper()
	client, err := model.NewWebSocketClient4(strings.Replace(url(), "http", "ws", 1), p.AuthToken)
	if err != nil {
		t.Fatal(err)
	}
	client.Listen()
	t.Cleanup(client.Close)
	e := &ear{WebSocketClient: client}
	e.expect(t, model.WebsocketEventHello, nil)
	return e
}

func (e *ear) expect(t *testing.T, kind model.WebsocketEventType, where func(*model.WebSocketEvent) bool) *model.WebSocketEvent {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		for i, event := range e.heard {
			if event.EventType() == kind && (where == nil || where(event)) {
				e.heard = append(e.heard[:i], e.heard[i+1:]...)
				return event
			}
		}
		select {
		case event, isOpen := <-e.EventChannel:
			if !isOpen {
				t.Fatalf("the socket closed before %s: %v", kind, e.ListenError)
			}
			e.heard = append(e.heard, event)
		case <-e.PingTimeoutChannel:
			t.Fatal("the server does not ping")
		case <-deadline:
			t.Fatalf("no %s", kind)
		}
	}
}

func postOf(t *testing.T, event *model.WebSocketEvent) *model.Post {
	t.Helper()
	post := &model.Post{}
	if err := json.Unmarshal([]byte(event.GetData()["post"].(string)), post); err != nil {
		t.Fatal(err)
	}
	return post
}

var shared *world

// The people and places of all tests: made once.
func play(t *testing.T) *world {
	t.Helper()
	if shared != nil {
		return shared
	}
	w := &world{}
	w.admin, w.romeo, w.juliet = signUp(t, "admin"), signUp(t, "romeo"), signUp(t, "juliet")
	w.team = must[*model.Team](t)(w.admin.CreateTeam(ctx, &model.Team{Name: "verona", DisplayName: "Verona", Type: model.TeamOpen}))
	for _, p := range []person{w.romeo, w.juliet} {
		must[*model.TeamMember](t)(w.admin.AddTeamMember(ctx, w.team.Id, p.me.Id))
	}
	w.channel = must[*model.Channel](t)(w.romeo.CreateChannel(ctx, &model.Channel{
		TeamId: w.team.Id, Name: "balcony", DisplayName: "Balcony", Type: model.ChannelTypeOpen}))
	must[*model.ChannelMember](t)(w.romeo.AddChannelMember(ctx, w.channel.Id, w.juliet.me.Id))
	shared = w
	return w
}

func say(t *testing.T, p person, channel *model.Channel, message, root string) *model.Post {
	t.Helper()
	return must[*model.Post](t)(p.CreatePost(ctx, &model.Post{ChannelId: channel.Id, Message: message, RootId: root}))
}

func TestPingAnswersOK(t *testing.T) {
	status := must[string](t)(model.NewAPIv4Client(url()).GetPing(ctx))
	check(t, status == model.StatusOk, "status %s", status)
}

func TestFirstAccountIsSystemAdmin(t *testing.T) {
	w := play(t)
	check(t, w.admin.me.IsSystemAdmin() && !w.romeo.me.IsSystemAdmin(), "roles %q, %q", w.admin.me.Roles, w.romeo.me.Roles)
	check(t, w.romeo.me.IsValid() == nil, "a user from the server is not valid: %v", w.romeo.me.IsValid())
}

func TestRefusalIsAnAppError(t *testing.T) {
	_, reply, err := model.NewAPIv4Client(url()).Login(ctx, "nobody", "wrong-password")
	check(t, err != nil && reply.StatusCode == 401, "status %d", reply.StatusCode)
	refusal, isApp := err.(*model.AppError)
	check(t, isApp && refusal.Id == "api.user.login.invalid_credentials_email_username", "error %v", err)
}

func TestPostIsHeardByTheOther(t *testing.T) {
	w := play(t)
	juliets := listen(t, w.juliet)
	post := say(t, w.romeo, w.channel, "But soft, @juliet 鸿雁", "")
	event := juliets.expect(t, model.WebsocketEventPosted, func(e *model.WebSocketEvent) bool { return postOf(t, e).Id == post.Id })
	check(t, postOf(t, event).Message == post.Message, "message %q", postOf(t, event).Message)
	check(t, event.GetBroadcast().ChannelId == w.channel.Id, "broadcast %v", event.GetBroadcast())
	list := must[*model.PostList](t)(w.juliet.GetPostsForChannel(ctx, w.channel.Id, 0, 60, "", false, false))
	check(t, list.Order[0] == post.Id, "newest first: %v", list.Order)
}

func TestReadingClearsUnread(t *testing.T) {
	w := play(t)
	say(t, w.romeo, w.channel, "once more, @juliet", "")
	unread := must[*model.ChannelUnread](t)(w.juliet.GetChannelUnread(ctx, w.channel.Id, w.juliet.me.Id))
	check(t, unread.MsgCount > 0 && unread.MentionCount > 0, "unread %+v", unread)
	must[*model.ChannelViewResponse](t)(w.juliet.ViewChannel(ctx, w.juliet.me.Id, &model.ChannelView{ChannelId: w.channel.Id}))
	unread = must[*model.ChannelUnread](t)(w.juliet.GetChannelUnread(ctx, w.channel.Id, w.juliet.me.Id))
	check(t, unread.MsgCount == 0 && unread.MentionCount == 0, "unread %+v", unread)
	teams := must[[]*model.TeamUnread](t)(w.juliet.GetTeamsUnreadForUser(ctx, w.juliet.me.Id, "", true))
	check(t, len(teams) == 1 && teams[0].TeamId == w.team.Id, "teams %v", teams)
}

func TestThreadIsFollowedByItsAuthor(t *testing.T) {
	w := play(t)
	romeos := listen(t, w.romeo)
	root := say(t, w.romeo, w.channel, "root", "")
	reply := say(t, w.juliet, w.channel, "reply", root.Id)
	romeos.expect(t, model.WebsocketEventThreadUpdated, nil)
	thread := must[*model.PostList](t)(w.romeo.GetPostThread(ctx, root.Id, "", false))
	check(t, len(thread.Posts) == 2 && thread.Posts[reply.Id] != nil, "thread %v", thread.Order)
	threads := must[*model.Threads](t)(w.romeo.GetUserThreads(ctx, w.romeo.me.Id, w.team.Id, model.GetUserThreadsOpts{PageSize: 20}))
	check(t, threads.Total == 1 && threads.Threads[0].PostId == root.Id && threads.Threads[0].ReplyCount == 1, "threads %+v", threads)
	read := must[*model.ThreadResponse](t)(w.romeo.UpdateThreadReadForUser(ctx, w.romeo.me.Id, w.team.Id, root.Id, model.GetMillis()))
	check(t, read.UnreadReplies == 0, "thread %+v", read)
}

func TestReactionsComeAndGo(t *testing.T) {
	w := play(t)
	romeos := listen(t, w.romeo)
	post := say(t, w.romeo, w.channel, "love me", "")
	reaction := must[*model.Reaction](t)(w.juliet.SaveReaction(ctx, &model.Reaction{UserId: w.juliet.me.Id, PostId: post.Id, EmojiName: "heart"}))
	romeos.expect(t, model.WebsocketEventReactionAdded, nil)
	list := must[[]*model.Reaction](t)(w.romeo.GetReactions(ctx, post.Id))
	check(t, len(list) == 1 && list[0].EmojiName == "heart", "reactions %v", list)
	ok(t)(w.juliet.DeleteReaction(ctx, reaction))
	romeos.expect(t, model.WebsocketEventReactionRemoved, nil)
}

func TestPostIsEditedPinnedAndDeleted(t *testing.T) {
	w := play(t)
	juliets := listen(t, w.juliet)
	post := say(t, w.romeo, w.channel, "first", "")
	text := "second"
	edited := must[*model.Post](t)(w.romeo.PatchPost(ctx, post.Id, &model.PostPatch{Message: &text}))
	check(t, edited.Message == text && edited.EditAt > 0, "edited %+v", edited)
	juliets.expect(t, model.WebsocketEventPostEdited, nil)
	ok(t)(w.romeo.PinPost(ctx, post.Id))
	pinned := must[*model.PostList](t)(w.romeo.GetPinnedPosts(ctx, w.channel.Id, ""))
	check(t, pinned.Posts[post.Id] != nil, "pinned %v", pinned.Order)
	ok(t)(w.romeo.DeletePost(ctx, post.Id))
	juliets.expect(t, model.WebsocketEventPostDeleted, nil)
}

func TestFileTravels(t *testing.T) {
	w := play(t)
	upload := must[*model.FileUploadResponse](t)(w.romeo.UploadFile(ctx, []byte("My dear 鸿雁"), w.channel.Id, "书信.txt"))
	check(t, len(upload.FileInfos) == 1 && upload.FileInfos[0].Name == "书信.txt", "upload %+v", upload)
	post := must[*model.Post](t)(w.romeo.CreatePost(ctx, &model.Post{ChannelId: w.channel.Id, Message: "read", FileIds: model.StringArray{upload.FileInfos[0].Id}}))
	check(t, len(post.FileIds) == 1, "post %+v", post)
	content := must[[]byte](t)(w.juliet.GetFile(ctx, upload.FileInfos[0].Id))
	check(t, string(content) == "My dear 鸿雁", "content %q", content)
}

func TestSearchFindsLatinAndChinese(t *testing.T) {
	w := play(t)
	plain := say(t, w.romeo, w.channel, "the nightingale sings", "")
	chinese := say(t, w.romeo, w.channel, "我们明天在阳台见面", "")
	for words, post := range map[string]*model.Post{"nightingale": plain, "明天": chinese} {
		list := must[*model.PostList](t)(w.juliet.SearchPosts(ctx, w.team.Id, words, false))
		check(t, len(list.Order) == 1 && list.Order[0] == post.Id, "%s: %v", words, list.Order)
	}
}

func TestDirectChannelAndTyping(t *testing.T) {
	w := play(t)
	juliets, romeos := listen(t, w.juliet), listen(t, w.romeo)
	direct := must[*model.Channel](t)(w.romeo.CreateDirectChannel(ctx, w.romeo.me.Id, w.juliet.me.Id))
	check(t, direct.Type == model.ChannelTypeDirect, "type %s", direct.Type)
	post := say(t, w.romeo, direct, "secretly", "")
	juliets.expect(t, model.WebsocketEventPosted, func(e *model.WebSocketEvent) bool { return postOf(t, e).Id == post.Id })
	romeos.UserTyping(direct.Id, "")
	typing := juliets.expect(t, model.WebsocketEventTyping, nil)
	check(t, typing.GetData()["user_id"] == w.romeo.me.Id, "typing %v", typing.GetData())
}

func TestStatusesOverSocketAndREST(t *testing.T) {
	w := play(t)
	romeos := listen(t, w.romeo)
	romeos.GetStatuses()
	for answered := false; !answered; { // the first reply is to the authentication
		select {
		case reply := <-romeos.ResponseChannel:
			check(t, reply.Status == model.StatusOk, "reply %+v", reply)
			answered = reply.Data[w.romeo.me.Id] == model.StatusOnline
		case <-time.After(10 * time.Second):
			t.Fatal("no reply to get_statuses")
		}
	}
	must[*model.Status](t)(w.juliet.UpdateUserStatus(ctx, w.juliet.me.Id, &model.Status{UserId: w.juliet.me.Id, Status: model.StatusDnd}))
	statuses := must[[]*model.Status](t)(w.romeo.GetUsersStatusesByIds(ctx, []string{w.juliet.me.Id}))
	check(t, len(statuses) == 1 && statuses[0].Status == model.StatusDnd, "statuses %+v", statuses)
}

func TestPreferencesCategoriesAndDrafts(t *testing.T) {
	w := play(t)
	row := model.Preference{UserId: w.romeo.me.Id, Category: "display_settings", Name: "use_military_time", Value: "true"}
	ok(t)(w.romeo.UpdatePreferences(ctx, w.romeo.me.Id, model.Preferences{row}))
	found := false
	for _, p := range must[model.Preferences](t)(w.romeo.GetPreferences(ctx, w.romeo.me.Id)) {
		found = found || p == row
	}
	check(t, found, "the preference is not there")
	categories := must[*model.OrderedSidebarCategories](t)(w.romeo.GetSidebarCategoriesForTeamForUser(ctx, w.romeo.me.Id, w.team.Id, ""))
	check(t, len(categories.Categories) == 3 && len(categories.Order) == 3, "categories %+v", categories)
	must[*model.Draft](t)(w.romeo.UpsertDraft(ctx, &model.Draft{UserId: w.romeo.me.Id, ChannelId: w.channel.Id, Message: "unfinished"}))
	drafts := must[[]*model.Draft](t)(w.romeo.GetDrafts(ctx, w.romeo.me.Id, w.team.Id))
	check(t, len(drafts) == 1 && drafts[0].Message == "unfinished", "drafts %+v", drafts)
}

func TestReliableSocketResumesWithoutLoss(t *testing.T) {
	w := play(t)
	first := listen(t, w.juliet)
	one := say(t, w.romeo, w.channel, "before the drop", "")
	first.expect(t, model.WebsocketEventPosted, func(e *model.WebSocketEvent) bool { return postOf(t, e).Id == one.Id })
	// The connection's id came with its hello, which listen() took; a second connection tells its own.
	client, err := model.NewWebSocketClient4(strings.Replace(url(), "http", "ws", 1), w.juliet.AuthToken)
	if err != nil {
		t.Fatal(err)
	}
	client.Listen()
	second := &ear{WebSocketClient: client}
	hello := second.expect(t, model.WebsocketEventHello, nil)
	id, _ := hello.GetData()["connection_id"].(string)
	check(t, len(id) == 26, "connection id %q", id)
	client.Close()
	lost := say(t, w.romeo, w.channel, "while away", "")
	// The server may still be closing the old socket: then it gives a fresh connection, which is no loss but no resumption.
	var resumed *ear
	for try := 0; try < 20; try++ {
		again, err := model.NewReliableWebSocketClientWithDialer(websocket.DefaultDialer, strings.Replace(url(), "http", "ws", 1), w.juliet.AuthToken, id, int(hello.GetSequence())+1, true)
		if err != nil {
			t.Fatal(err)
		}
		again.Listen()
		e := &ear{WebSocketClient: again}
		next := <-again.EventChannel
		e.heard = append(e.heard, next)
		if next.EventType() != model.WebsocketEventHello {
			resumed = e
			break
		}
		again.Close()
		time.Sleep(50 * time.Millisecond)
	}
	check(t, resumed != nil, "the connection was never resumed")
	defer resumed.Close()
	resumed.expect(t, model.WebsocketEventPosted, func(e *model.WebSocketEvent) bool { return postOf(t, e).Id == lost.Id })
}
