// SPDX-License-Identifier: Apache-2.0
// Owns: the vocabulary of the ledger, the kinds of rows and the fields of their payloads. Everything that writes or reads a session's rows
// (live session, NIR session, exports, report, replay) uses these names. Payloads are canonical JSON: sorted keys, no spaces, UTF-8.
//
// decisions (in the session digest; never a wall-clock time, a device name or a path in them)
//   session.start      {"kind":"exposure"|"nir","plan":TEXT,"protocol":ID,"pseudonym":P,"seed":N,"version":N}
//   event.NAME         NAME as protocols::name_of(EventKind): {"request":N,"source":S,"value":N} (what applies)
//   command.NAME       NAME as protocols::name_of(CommandKind): {"level":N,"reason":TEXT,"request":N,"scene":S,"step":N} (what applies)
//   note               {"text":TEXT}
//   consent            {"form":ID,"given":BOOL,"scope":TEXT,"version":N}
//   nir.spectrum       {"channels":N,"first_nm":X,"last_nm":X,"sha":HEX,"source":TEXT}
//   nir.result         {"interval_high":X,"interval_low":X,"model":ID,"unit":U,"value":X,"verdict":TEXT}; outside the model: no numbers
//   session.end        {"outcome":"completed"|"stopped"|"interrupted"}
// measurements
//   nir.values         {"axis":[X...],"quantity":TEXT,"unit":TEXT,"values":[X...]}: the spectrum; nir.spectrum has the BLAKE2b-256 of this payload
//   session.device     {"driver":TEXT,"eye_height":N,"eye_width":N,"processor":TEXT,"renderer":TEXT,"runtime":TEXT,"samples":N,"xr":TEXT}
//   session.software   {"version":TEXT}
//   picture            {"file":NAME,"frame":N,"request":N,"sha":HEX}
//   stream             {"chunks":N,"frames":N,"sha":HEX}: streams/SESSION.stream was closed (records/stream.h); before session.end
//   calm               {"frame":N,"frames_after_input":N,"reason":TEXT}: the calm room came on, and how many frames after a stop
//   fault              {"hint":TEXT,"what":TEXT}
//   frame_times        {"draws":N,"frames":N,"median_ms":X,"missed":N,"p95_ms":X,"triangles":N,"worst_ms":X}
//   dose               {"cues":[{"central_s":X,"cue":ID,"gaze_s":X,"greatest_sr":X,"sr_s":X,"visible_s":X}...],"gaze":"head"|"eyes","level":N,
//                      "scene":S,"seconds":X}: the seconds up to the row's time in which cues were seen (scenes/player/dose_meter.h)
//   comfort            {"area_flashes":N,"flashes":N,"flashes_in_a_second":N,"frames":N,"greatest_luminance":X,"head_median_deg_s":X,
//                      "head_p95_deg_s":X,"late":N,"left_luminance":X,"missed":N,"motion_to_photon_ms":X,"right_luminance":X,"scene_deg_s":X,
//                      "seconds":X}; what is not known has no field (scenes/player/comfort_meter.h)
//   voice              {"from":"person"|"beside","latency_ms":N,"length_ms":N,"lost":N,"scene":S,"source":"microphone"|"tone"|"file","start_ms":N,
//                      "why":TEXT}: the patient heard the clinician; never what was said. lost: blocks of 10 ms; why: how it ended
//   gap                {"from_ms":N,"reason":TEXT,"to_ms":N}: the patient's program was away
// study rows (session "")
//   study.created      {"id":ID,"language":L,"rehearsal":BOOL,"site":TEXT,"title":TEXT}
//   patient.added      {"pseudonym":P}
//   export             {"files":N,"format":F,"sha":HEX}
//   account.added      {"account":NAME,"role":R,"verifier":TEXT}; account.closed, account.refused {"account":NAME}   (records/accounts.h)
//   diary.imported     {"device":ID,"entries":N,"new":N,"pseudonym":P,"sha":HEX}
//   diary.entry        {"at":LOCAL TIME WITH OFFSET,"craving":N,"id":UUID,"mood":N,"place":PLACE,"pseudonym":P,"trigger":CODE,"used":BOOL}
//   ladder.proposed    {"entries":N,"first_hour":N,"level":N,"mean_craving":X,"place":PLACE,"proposal":ID,"pseudonym":P,"scene":S,"used":N,
//                      "weekend":BOOL}; no scene and level where none ships for the place: a wish for one is made
//   ladder.decided     {"accepted":BOOL,"proposal":ID,"reason":TEXT}
//   directory.imported {"rows":N,"sha":HEX,"skipped":N,"version":N}; directory.service {"id":ID,"version":N, the service's own fields}
//   referral.made      {"directory":N,"letter":HEX,"on":DATE,"pseudonym":P,"referral":ID,"service":ID}; directory: the version it was chosen from
//   referral.sent, .received, .seen, .declined {"on":DATE,"referral":ID}
//   corpus.imported    {"corpus":ID,"rows":N,"sha":HEX}; corpus.thread {"corpus":ID,"thread":ID, the discussion's index fields}
//   scene.wish         {"from":"corpus"|"diary","theme":TEXT,"why":TEXT,"wish":ID}
// a substance check without a patient (session.start has kind "nir-field" and an empty pseudonym; session/nir_field.h)
//   nir.result         also {"judged":[ID...]}, every model that was asked; model, unit and numbers only when verdict is "identified"
//   nir.place          {"cell":TEXT,"week":TEXT}: a coarse square and a week, only with a consent row that covers it
#pragma once

#include <cstdint>
#include <string>

#include "clinician/records/ledger.h"
#include "protocols/session.h"

namespace accalmie::session {

records::NewRow event_row(const std::string& session, const protocols::Event& event, const std::string& actor);
records::NewRow command_row(const std::string& session, std::int64_t t_ms, const protocols::Command& command);
// A row that tells what was measured; `payload_json` is canonical.
records::NewRow measurement_row(const std::string& session, std::int64_t t_ms, const std::string& kind, std::string payload_json);
records::NewRow note_row(const std::string& session, std::int64_t t_ms, const std::string& text, const std::string& actor);

}  // namespace accalmie::session
