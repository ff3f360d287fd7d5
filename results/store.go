package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Errors of a Store.
var (
	ErrExists   = errors.New("results: there are results already")
	ErrUnusable = errors.New("results: cannot use the directory")
	ErrWrite    = errors.New("results: cannot write")
)

// resultFile holds all runs of a directory.
const resultFile = "result.json"

// BeginSchema names the format of <run id>.json.
const BeginSchema = "zbench/begin/1"

// begun is <run id>.json: what is known of a run before its first message.
type begun struct {
	Schema string `json:"schema"`
	Run    Run    `json:"run"`
}

// TargetLog is what the name of a file with a service's output ends with,
// after the id of its run.
const TargetLog = ".target.log"

// Store is a directory of results being written, by one goroutine. What is
// written stays readable whenever the process ends.
type Store struct {
	dir  string
	file File
	disk disk
}

// Create makes dir ready for new results. Where there are results already it
// is ErrExists, or with overwrite they are removed: files of zbench only.
func Create(dir string, overwrite bool) (*Store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("%w %s: %w; name another with --out", ErrUnusable, dir, err)
	}
	own, err := ownFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("%w %s: %w; name another with --out", ErrUnusable, dir, err)
	}
	if len(own) > 0 && !overwrite {
		return nil, fmt.Errorf("%w: %s; name another directory with --out, or give --overwrite", ErrExists, own[0])
	}
	if err := probe(dir); err != nil {
		return nil, fmt.Errorf("%w %s: %w; name another with --out", ErrUnusable, dir, err)
	}
	for _, path := range own {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("%w %s: %w; name another with --out", ErrUnusable, dir, err)
		}
	}
	if len(own) > 0 {
		// Only if nothing else is in it, which the error then says.
		_ = os.Remove(filepath.Join(dir, "charts"))
	}
	return &Store{dir: dir, file: File{Schema: Schema, Runs: []Run{}}}, nil
}

// probe tells whether files can be written in dir.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, ".zbench-*")
	if err != nil {
		return err
	}
	err = f.Close()
	return errors.Join(err, os.Remove(f.Name()))
}

// Begin writes what is known of r before its first message, and opens its
// interval log, which the caller closes.
func (s *Store) Begin(r Run) (io.WriteCloser, error) {
	if !goodID.MatchString(r.ID) {
		return nil, fmt.Errorf("%w run %q: the id is no file name; use NewID", ErrWrite, r.ID)
	}
	path := filepath.Join(s.dir, r.ID)
	text, err := json.MarshalIndent(begun{BeginSchema, r}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("%w %s.json: %w", ErrWrite, path, err)
	}
	log, err := os.OpenFile(path+".hlog", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, s.failed(path+".hlog", err)
	}
	if err := s.disk.replace(path+".json", append(text, '\n')); err != nil {
		return nil, errors.Join(s.failed(path+".json", err), log.Close(), os.Remove(path+".hlog"))
	}
	return log, nil
}

// Finish adds r to result.json, which is replaced as a whole or stays as it
// was. A run that could not be written is tried again with the next one.
func (s *Store) Finish(r Run) error {
	s.file.Runs = append(s.file.Runs, r)
	path := filepath.Join(s.dir, resultFile)
	text, err := json.MarshalIndent(&s.file, "", "  ")
	if err != nil {
		s.file.Runs = s.file.Runs[:len(s.file.Runs)-1]
		return fmt.Errorf("%w run %s: %w", ErrWrite, r.ID, err)
	}
	if err := s.disk.replace(path, append(text, '\n')); err != nil {
		return s.failed(path, err)
	}
	return nil
}

func (s *Store) failed(path string, err error) error {
	mend := "name another directory with --out"
	if noSpace(err) {
		mend = "free some space or " + mend
	}
	return fmt.Errorf("%w %s: %w; results written before are intact; %s", ErrWrite, path, err, mend)
}

var goodID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)

// ownFiles gives the files in dir that zbench wrote, result.json first; none
// where there are no results.
func ownFiles(dir string) (own []string, err error) {
	result := filepath.Join(dir, resultFile)
	if isFile(result) {
		if _, err := readResult(result); err != nil {
			return nil, err // not ours to overwrite
		}
		own = append(own, result)
	}
	ids, err := begunIDs(dir)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		own = append(own, filepath.Join(dir, id+".json"))
		for _, suffix := range []string{".hlog", TargetLog} {
			if log := filepath.Join(dir, id+suffix); isFile(log) {
				own = append(own, log)
			}
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	for _, name := range []string{"report.md", "report.html"} {
		if path := filepath.Join(dir, name); isFile(path) {
			own = append(own, path)
		}
	}
	return append(own, charts(dir)...), nil
}

// charts gives the pictures in the folder of charts, if there is one.
func charts(dir string) (own []string) {
	entries, err := os.ReadDir(filepath.Join(dir, "charts"))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); e.Type().IsRegular() && (ext == ".svg" || ext == ".png") {
			own = append(own, filepath.Join(dir, "charts", e.Name()))
		}
	}
	return own
}

// begunIDs gives the runs that were begun in dir, by name.
func begunIDs(dir string) (ids []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		id, found := strings.CutSuffix(e.Name(), ".json")
		if !found || !goodID.MatchString(id) || e.Name() == resultFile || !e.Type().IsRegular() {
			continue
		}
		if _, err := readBegun(filepath.Join(dir, e.Name())); err == nil {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
