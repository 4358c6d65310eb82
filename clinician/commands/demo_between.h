// SPDX-License-Identifier: Apache-2.0
// Owns: the part of the demonstration that lies around the sessions: a diary between them, a directory of services and a referral, the
// discussions of two forums, substance checks without a patient; and a picture of the console's view of each.
// Never: uses anybody's data: patient, diary, services, forums and samples are simulated or invented. Ends the command on a failure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clinician/records/accounts.h"

namespace accalmie::commands {

struct DemoAround {
    std::string out, study, key, passphrase_file;  // paths
    std::string root;                              // of the shipped files
    std::string pseudonym, language;
    std::uint64_t seed = 1;
    records::Account clinician;
};

struct Made {
    std::string file, what;                        // relative to out
};

// What each system did, a line a thing, and the files it left.
std::vector<Made> demo_coach(records::Study& study, const DemoAround& around);
std::vector<Made> demo_bridge(records::Study& study, const DemoAround& around);
std::vector<Made> demo_corpus(records::Study& study, const DemoAround& around);
std::vector<Made> demo_field(records::Study& study, const DemoAround& around);
// The study has to be closed: each view is drawn by the real console, which opens it.
std::vector<Made> demo_views(const DemoAround& around);

}  // namespace accalmie::commands
