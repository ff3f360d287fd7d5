package null

import "zbench/engines"

// chooseAll waits for nobody: who publishes finds out who takes a message when
// it is sent. It is made in the lane of the only subscriber, if there is room.
func chooseAll(s *socket, env [][]byte) (*lane, [][]byte, error) {
	if ends := s.live.Load().ends; len(ends) == 1 && ends[0].out.room() {
		s.knowSole()
		return ends[0].out, env, nil
	}
	return s.aside(), env, nil
}

// publish hands a message to every subscriber whose filter its first frame
// passes, once all of them have room.
func publish(s *socket, m *engines.Msg, in *lane) error {
	s.targets = s.targets[:0]
	for _, e := range s.live.Load().ends {
		if !e.filter.Load().match(m.Frames[0]) {
			continue
		}
		if err := s.waitRoom(e.out); err == nil {
			s.targets = append(s.targets, e.out)
		} else if err != errGone {
			return err
		}
	}
	last := len(m.Frames) - 1
	mine := false
	for _, l := range s.targets {
		if l == in {
			mine = true
			continue
		}
		l.copy(m.Frames[:last], m)
		s.commit(l)
	}
	if mine { // last, for then it is the receiver's
		s.commit(in)
	}
	return nil
}
