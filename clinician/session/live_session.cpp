// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/live_session.h"

#include "clinician/session/live_session_impl.h"

namespace accalmie::session {

LiveSession::LiveSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiveSession::~LiveSession() = default;

Result<std::unique_ptr<LiveSession>> LiveSession::begin(records::Study& study, Setup setup) {
    auto impl = std::make_unique<Impl>(study, std::move(setup));
    if (auto opened = impl->open(); !opened) return std::unexpected(opened.error());
    return std::unique_ptr<LiveSession>(new LiveSession(std::move(impl)));
}

Result<void> LiveSession::pump(int wait_ms) { return impl_->pump(wait_ms); }

void LiveSession::act(Action action) { impl_->act(action); }

void LiveSession::rate(int value) { impl_->rate(value); }

void LiveSession::note(const std::string& text) { impl_->note(text); }

void LiveSession::speak(bool held) { impl_->speak(held); }

const View& LiveSession::view() const { return impl_->view; }

const protocols::SessionPlan& LiveSession::plan() const { return impl_->setup.plan; }

LiveSession::Mirror LiveSession::mirror() const {
    if (!impl_->mirror || impl_->mirror_frame == 0) return {};
    return {impl_->mirror->width(), impl_->mirror->height(), impl_->mirror_frame, &impl_->mirror_rgba};
}

}  // namespace accalmie::session
