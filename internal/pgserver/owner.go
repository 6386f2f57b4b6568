package pgserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// owner is the system user that the server runs as and that owns its files.
type owner struct {
	name     string
	uid, gid int
	switched bool // not the user of this process
}

// ownerOf picks the user. PostgreSQL refuses to run as root; root therefore
// lends the server to the user who owns the files already, else to the
// system's database user, else to nobody.
func ownerOf(lay layout) (owner, error) {
	if uid := os.Geteuid(); uid != 0 {
		return owner{name: "user " + strconv.Itoa(uid), uid: uid, gid: os.Getegid()}, nil
	}
	for _, path := range []string{lay.data, lay.dir} {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			uid, gid := int(st.Uid), int(st.Gid)
			return owner{"user " + strconv.Itoa(uid), uid, gid, true}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return fromUser(u)
		}
	}
	return owner{}, errors.New("PostgreSQL cannot run as root, and there is neither a user postgres nor a user nobody")
}

func fromUser(u *user.User) (owner, error) {
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return owner{}, err
	}
	gid, err := strconv.Atoi(u.Gid)
	return owner{u.Username, uid, gid, true}, err
}

func (o owner) String() string { return o.name }

func (o owner) credential() *syscall.Credential {
	if !o.switched {
		return nil
	}
	return &syscall.Credential{Uid: uint32(o.uid), Gid: uint32(o.gid)}
}

// makeDir makes a directory, with its parents, that only the owner may enter.
func (o owner) makeDir(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	if err := o.take(path); err != nil {
		return err
	}
	return os.Chmod(path, 0o700)
}

// openFile opens a file of the owner's, made when missing.
func (o owner) openFile(path string, flag int) (*os.File, error) {
	file, err := os.OpenFile(path, flag|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%w (it belongs to another user: run as that one, or as root)", err)
	}
	if err != nil {
		return nil, err
	}
	if err := o.take(path); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func (o owner) take(path string) error {
	if !o.switched {
		return nil
	}
	return os.Chown(path, o.uid, o.gid)
}
