// SPDX-License-Identifier: Apache-2.0
// Push-to-talk behind the button: blocks as fast as time goes while it is held, an end when it is let go or forgotten, and a plain word
// when there is no microphone.
#include "clinician/session/voice_sender.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <functional>

namespace accalmie::test {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

struct Desk {
    link::Channel ours, theirs;
    session::VoiceSender sender;
    std::vector<link::VoiceBlock> blocks;
    std::vector<link::VoiceEnd> ends;

    explicit Desk(const std::string& choice) : sender(*sound::read_voice_choice(choice)) {
        auto pair = link::Channel::make_pair();
        REQUIRE(pair);
        ours = std::move(pair->first);
        theirs = link::Channel(std::move(pair->second));
        sender.connect(link::VoicePort(ours));
    }
    void hear() {
        for (auto received = theirs.receive(milliseconds(5)); received && *received; received = theirs.receive()) {
            if (const auto* block = std::get_if<link::VoiceBlock>(&(*received)->message)) blocks.push_back(*block);
            if (const auto* end = std::get_if<link::VoiceEnd>(&(*received)->message)) ends.push_back(*end);
        }
    }
    bool until(const std::function<bool()>& done, bool held, milliseconds limit = milliseconds(5000)) {
        for (const auto end = Clock::now() + limit; Clock::now() < end;) {
            if (held) sender.hold();
            hear();
            if (done()) return true;
        }
        return false;
    }
};

TEST_CASE("while the button is held blocks go, in order, and letting it go ends them") {
    Desk desk("tone:600");
    CHECK(desk.sender.talk() == 0);
    CHECK(desk.sender.level_db() == session::VoiceSender::kQuiet_db);
    const auto began = Clock::now();
    REQUIRE(desk.until([&] { return desk.blocks.size() >= 30; }, true));
    CHECK(Clock::now() - began >= milliseconds(290));  // as fast as time goes
    CHECK(desk.sender.talk() == 1);
    CHECK(desk.sender.level_db() > -20);
    desk.sender.release();
    REQUIRE(desk.until([&] { return !desk.ends.empty(); }, false));
    CHECK(desk.ends[0].talk == 1);
    CHECK(desk.sender.talk() == 0);
    for (std::size_t i = 0; i < desk.blocks.size(); ++i) {
        CHECK(desk.blocks[i].talk == 1);
        CHECK(desk.blocks[i].sequence == i);
        CHECK(desk.blocks[i].rehearsal);
        CHECK(*std::ranges::max_element(desk.blocks[i].samples) > 8000);
    }
    REQUIRE(desk.until([&] { return desk.sender.level_db() == session::VoiceSender::kQuiet_db; }, false));
    const auto before = desk.blocks.size();
    REQUIRE(desk.until([&] { return desk.blocks.size() >= before + 3; }, true));
    CHECK(desk.blocks.back().talk == 2);
}

TEST_CASE("a button that nobody looks after lets go by itself, and has to be pressed anew") {
    Desk desk("tone:600");
    REQUIRE(desk.sender.hold() == 1);
    REQUIRE(desk.until([&] { return !desk.ends.empty(); }, false));
    REQUIRE(desk.until([&] { return desk.sender.talk() == 0; }, false));
    CHECK(desk.sender.hold() == 0);
    desk.sender.release();
    CHECK(desk.sender.hold() == 2);
}

TEST_CASE("no microphone is a word about it, not a failure, and the next press tries again") {
    Desk desk("microphone:one that nobody has");
    REQUIRE(desk.until([&] { return desk.sender.problem().has_value(); }, true));
    CHECK(desk.sender.problem()->message.contains("one that nobody has"));
    CHECK_FALSE(desk.sender.problem()->hint.empty());
    CHECK(desk.sender.talk() == 0);
    CHECK(desk.blocks.empty());
    desk.sender.release();
    CHECK(desk.sender.hold() == 2);
}

TEST_CASE("without a patient's view nobody speaks, and a new one hears a new talk") {
    Desk desk("tone:600");
    REQUIRE(desk.until([&] { return desk.blocks.size() >= 3; }, true));
    desk.sender.disconnect();
    CHECK(desk.sender.talk() == 0);
    CHECK(desk.sender.hold() == 0);
    desk.sender.connect(link::VoicePort(desk.ours));
    desk.blocks.clear();
    REQUIRE(desk.until([&] { return desk.blocks.size() >= 3 && desk.blocks.back().talk > 1; }, true));
}

}  // namespace
}  // namespace accalmie::test
