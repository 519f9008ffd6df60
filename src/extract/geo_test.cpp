#include "packed.h"

namespace extract {
namespace {

const std::string kKml =
    "<?xml version=\"1.0\"?><kml "
    "xmlns=\"http://www.opengis.net/kml/2.2\"><Document><name>Sites</name><Placemark>"
    "<name>Mass grave</name><description><![CDATA[<b>Seen</b> by &amp; two]]></description>"
    "<TimeStamp><when>2014-07-05T10:00:00Z</when></TimeStamp>"
    "<ExtendedData><Data name=\"witness\"><value>W-7</value></Data></ExtendedData>"
    "<Polygon><coordinates>37.5,48.1,10 37.6,48.2 900,1</coordinates></Polygon></Placemark></Document></kml>";

TEST(Geo, reads_names_descriptions_and_places_of_kml) {
  const auto sink = record(kKml, "x.kml");
  EXPECT_EQ(sink->root.meta("title"), "Sites");
  EXPECT_EQ(sink->root.all("gps"),
            (std::vector<std::string>{"48.1000000,37.5000000,10.0", "48.2000000,37.6000000"}));
  EXPECT_EQ(sink->root.meta("x.bbox"), "48.1000000,37.5000000,48.2000000,37.6000000");
  EXPECT_EQ(sink->root.meta("date.start"), "2014-07-05T10:00:00Z");
  EXPECT_NE(sink->root.text().find("Mass grave"), std::string::npos);
  EXPECT_NE(sink->root.text().find("Seen"), std::string::npos);
  EXPECT_NE(sink->root.text().find("witness: W-7"), std::string::npos);
}

TEST(Geo, reads_the_map_of_a_kmz_and_gives_the_rest_as_parts) {
  const auto sink = record(packed("zip", "", {{"doc.kml", kKml}, {"images/a.png", "png"}}), "x.kmz");
  EXPECT_NE(sink->root.text().find("Mass grave"), std::string::npos);
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->info.name, "images/a.png");
  expect_account_closes(sink->root);
}

TEST(Geo, reads_points_and_times_of_gpx) {
  const auto sink = record(
      "<gpx version=\"1.1\" creator=\"Phone\" "
      "xmlns=\"http://www.topografix.com/GPX/1/1\"><metadata><name>Walk</name>"
      "</metadata><trk><name>One</name><trkseg><trkpt lat=\"48.1\" "
      "lon=\"37.5\"><ele>3.5</ele><time>2019-03-04T10:11:12Z"
      "</time></trkpt><trkpt lat=\"48.2\" "
      "lon=\"37.5\"><time>2019-03-04T11:11:12Z</time></trkpt></trkseg></trk></gpx>",
      "x.gpx");
  EXPECT_EQ(sink->root.meta("title"), "Walk");
  EXPECT_EQ(sink->root.meta("software"), "Phone");
  EXPECT_EQ(sink->root.meta("gps"), "48.1000000,37.5000000,3.5");
  EXPECT_EQ(sink->root.meta("date.end"), "2019-03-04T11:11:12Z");
}

TEST(Geo, reads_features_of_geojson) {
  const auto sink = record(
      "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"name\":"
      "\"Hospital\","
      "\"beds\":12},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[37.5,48.1],[37.6,48.2]]]}}]}",
      "x.geojson");
  EXPECT_EQ(sink->root.all("gps").size(), 2u);
  EXPECT_EQ(sink->root.meta("gps"), "48.1000000,37.5000000");
  EXPECT_NE(sink->root.text().find("name: Hospital\nbeds: 12"), std::string::npos);
}

TEST(Geo, follows_no_entity_and_no_reference) {
  const auto sink = record(
      "<!DOCTYPE kml [<!ENTITY e SYSTEM \"file:///etc/passwd\"><!ENTITY a \"aaaaaaaa\">"
      "<!ENTITY b \"&a;&a;&a;&a;\">]><kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>"
      "<name>x&e;&b;</name></Document></kml>",
      "x.kml");
  EXPECT_EQ(sink->root.text().find("root:"), std::string::npos);
  EXPECT_EQ(sink->root.text().find("aaaa"), std::string::npos);
}

TEST(Geo, tells_damage_and_keeps_what_came_before) {
  const auto sink = record(std::string_view(kKml).substr(0, kKml.size() - 60), "x.kml");
  EXPECT_FALSE(sink->root.findings.empty());
  EXPECT_NE(sink->root.text().find("Mass grave"), std::string::npos);
}

TEST(Geo, survives_a_cut_at_every_length) {
  expect_survives_cuts(kKml, "x.kml");
  expect_survives_cuts(packed("zip", "", {{"doc.kml", kKml}}), "x.kmz", 3);
}

}  // namespace
}  // namespace extract
