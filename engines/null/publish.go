package null

// chooseAll waits for nobody: who publishes finds out who takes a message when
// it is sent.
func chooseAll(_ *socket, _ [][]byte) error { return nil }

// publish hands a message to every subscriber whose filter its first frame
// passes, and waits for those whose ring is full. One subscriber gets the
// message itself; several get a message each that shows its bytes.
func publish(s *socket, m *message) error {
	s.targets = s.targets[:0]
	for _, e := range s.live.Load().ends {
		if e.filter.Load().match(m.Frames[0]) {
			s.targets = append(s.targets, e)
		}
	}
	if len(s.targets) > 1 {
		s.share(m)
		return nil
	}
	if len(s.targets) == 1 && s.waitRoom(s.targets[0]) {
		s.targets[0].put(&m.Msg)
	} else if m.pool == s.pool && m.base == nil {
		s.pool.putBack(m)
	} else {
		free(m)
	}
	return nil
}

// share gives every target a message of its own over m's bytes. m returns to
// its pool after the last of them.
func (s *socket) share(m *message) {
	m.refs.Store(int32(len(s.targets)))
	last := len(m.Frames) - 1
	for _, e := range s.targets {
		view := s.pool.get(0)
		view.setFrames(m.Frames[:last], m.Frames[last])
		view.base = m
		if s.waitRoom(e) {
			e.put(&view.Msg)
		} else {
			free(view) // gone meanwhile
		}
	}
}
