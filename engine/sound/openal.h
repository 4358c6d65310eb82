// SPDX-License-Identifier: Apache-2.0
// Owns: the one way to include OpenAL, and the context of a scope. OpenAL's calls work on the calling thread's context; a scope sets it
// and puts the one before back, so that two mixers in one thread do not disturb one another. Included by .cpp files of engine/sound alone.
#pragma once

#define AL_ALEXT_PROTOTYPES
#include <AL/al.h>
#include <AL/alc.h>
#include <AL/alext.h>

namespace accalmie::sound {

class ContextScope {
public:
    explicit ContextScope(ALCcontext* context) : before_(alcGetThreadContext()) { alcSetThreadContext(context); }
    ~ContextScope() { alcSetThreadContext(before_); }
    ContextScope(const ContextScope&) = delete;
    ContextScope& operator=(const ContextScope&) = delete;

private:
    ALCcontext* before_;
};

}  // namespace accalmie::sound
