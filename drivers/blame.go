package drivers

import (
	"fmt"

	"zbench/engines"
)

// blame adds to an error that nobody joined why the clients have lost or turned
// away a connection, where an engine remembers.
func (r *run) blame(err error) error {
	for _, c := range r.clients {
		if s, ok := c.socket().(engines.Forthcoming); ok {
			if cause := s.LastFailure(); cause != nil {
				return fmt.Errorf("%w A connection was lost: %w", err, cause)
			}
		}
	}
	return err
}
