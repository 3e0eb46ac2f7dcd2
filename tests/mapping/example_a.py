"""Example A: older persons living alone in an invented subdistrict (code 99), an approved plan of full size.

Every place, number and name is invented; it shows how long the texts of a real plan grow.
"""

from mapping.mindmaps import Activity, Cause, Indicator, MindMap, Solution

EXAMPLE_A = MindMap(
    area_code="990101",
    area_name="ตำบลบ้านสาธิต",
    problem_code="P08",
    title="ผู้สูงอายุอยู่ลำพังและขาดผู้ดูแล",
    size="46 ราย (ร้อยละ 5.2 ของผู้สูงอายุ 884 คน) ในจำนวนนี้ติดเตียง 7 ราย",
    state="approved",
    stamp=None,
    effects=(
        "หกล้มและเข้ารับการรักษาบ่อย",
        "ซึมเศร้า",
        "ขาดยา",
        "เสียชีวิตโดยไม่มีผู้พบเห็น",
        "ค่าใช้จ่ายของครอบครัวและ อปท. เพิ่ม",
    ),
    causes=(
        Cause("บุตรหลานวัยแรงงานย้ายไปทำงานต่างจังหวัด", ("งานในพื้นที่มีน้อยและรายได้ต่ำ",)),
        Cause("ไม่มีผู้ดูแล (CG) ครบทุกหมู่บ้าน", ("อบรมแล้วแต่ไม่มีค่าตอบแทนต่อเนื่อง",)),
        Cause("บ้านไม่ปลอดภัย ห้องน้ำอยู่นอกตัวบ้าน พื้นลื่น", ("ไม่รู้ว่าขอปรับสภาพบ้านได้",)),
        Cause(
            "ข้อมูลของ รพ.สต. อบต. และ พมจ. แยกกัน",
            ("เยี่ยมซ้ำบางรายและตกหล่นบางราย",),
        ),
    ),
    goal="ภายใน 30 ก.ย. 2569 ผู้สูงอายุอยู่ลำพังทุกคนมีผู้เยี่ยมอย่างน้อยเดือนละ 2 ครั้ง และมีแผนดูแลรายบุคคล",
    solutions=(
        Solution(
            objective="ข้อมูลชุดเดียว เยี่ยมครบ ไม่ซ้ำ ไม่ตกหล่น",
            text="รวมข้อมูลเป็นชุดเดียว",
            addresses=(4,),
            type="develop",
            welfare_system="social_service",
            activities=(
                Activity(
                    text="สำรวจและปักหมุดครัวเรือนผู้สูงอายุอยู่ลำพัง ปรับปรุงทุกไตรมาส",
                    lead="พมจ.",
                    joint=("อบต.", "รพ.สต.", "อพม."),
                    indicators=(Indicator("ครัวเรือนที่มีข้อมูลเป็นปัจจุบัน", "ร้อยละ", "40", "100", "higher_better"),),
                    budget="15,000 บาท",
                    budget_source="งบปกติ",
                    period="ต.ค.–ธ.ค. 2568",
                    status="done",
                ),
            ),
        ),
        Solution(
            objective="มีคนในชุมชนเยี่ยม แม้บุตรหลานอยู่ไกล",
            text="เพื่อนบ้านเยี่ยมเพื่อนบ้าน",
            addresses=(1, 2),
            type="protect",
            welfare_system="social_partnership",
            activities=(
                Activity(
                    text="จับคู่ อพม./อสม. กับผู้สูงอายุ เยี่ยมเดือนละ 2 ครั้ง บันทึกผ่านมือถือ",
                    lead="อบต.",
                    joint=("อพม.", "อสม.", "ชมรมผู้สูงอายุ"),
                    indicators=(Indicator("ผู้สูงอายุที่ได้รับการเยี่ยมครบ", "ร้อยละ", "22", "90", "higher_better"),),
                    budget="92,000 บาท",
                    budget_source="กองทุนสวัสดิการสังคม",
                    period="ม.ค.–ก.ย. 2569",
                    status="doing",
                ),
            ),
        ),
        Solution(
            objective="บ้านปลอดภัย ห้องน้ำใช้ได้สะดวก",
            text="ปรับบ้านให้ปลอดภัย",
            addresses=(3,),
            type="prevent",
            welfare_system="social_assistance",
            activities=(
                Activity(
                    text="ซ่อมบ้านและติดราวจับ 8 หลัง",
                    lead="พมจ.",
                    joint=("อบต.", "วิทยาลัยเทคนิค", "เหล่ากาชาด"),
                    indicators=(Indicator("บ้านที่ซ่อมแล้วเสร็จ", "หลัง", "0", "8", "higher_better"),),
                    budget="320,000 บาท",
                    budget_source="ผส., อบต., CSR",
                    period="ก.พ.–มิ.ย. 2569",
                    status="late",
                ),
            ),
        ),
        Solution(
            objective="ผู้ติดเตียงทุกคนมีผู้ดูแลต่อเนื่อง",
            text="ดูแลผู้ติดเตียง",
            addresses=(2,),
            type="remedy",
            welfare_system="social_service",
            activities=(
                Activity(
                    text="จัดทำ Care plan และกายอุปกรณ์ 7 ราย",
                    lead="รพ.สต.",
                    joint=("อบต.", "พมจ."),
                    indicators=(Indicator("ผู้ติดเตียงที่มี Care plan", "ร้อยละ", "57", "100", "higher_better"),),
                    budget="70,000 บาท",
                    budget_source="กองทุน LTC",
                    period="ต.ค. 2568–มี.ค. 2569",
                    status="planned",
                ),
            ),
        ),
    ),
    assets=(
        "ชมรมผู้สูงอายุวัดสาธิตธรรม",
        "อสม. 62 คน",
        "อพม. 12 คน",
        "โรงเรียนผู้สูงอายุ",
        "กองทุนสวัสดิการชุมชน",
        "ร้านค้าในหมู่บ้านที่ยินดีแจ้งเหตุ",
    ),
)
